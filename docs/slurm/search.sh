#!/bin/bash
# A search whose trials are spread over several machines, a rank on each:
#   sbatch --nodes=8 --cpus-per-task=32 search.sh /shared/runs/tuned --dataset /shared/esc50 --model lstm \
#     --space lstm --trials 200 --sampler tpe --scheduler asha
# Where the folder has begun, the search is resumed: by hand, or by Slurm after a machine failed or the time was over.
#SBATCH --job-name=melograph-search
#SBATCH --ntasks-per-node=1
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail
run=$1
shift
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache} # pictures: on a folder that all machines see, each is made once

# A rank that is gone does not end the others: its trial goes back into the queue.
launch=(srun --mpi=pmix --kill-on-bad-exit=0 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" melograph-cli search --quiet --run "$run")
if [ -f "$run/config.ini" ]; then
  exec "${launch[@]}" --resume
fi
exec "${launch[@]}" "$@"
