#!/bin/bash
# One training by several machines, a rank on each; batch_size is the whole batch:
#   sbatch --nodes=8 --cpus-per-task=32 train.sh /shared/runs/resnet18 --dataset /shared/esc50 --model resnet18 --set batch_size=256
# Where the run folder has begun, it is resumed: by hand, or by Slurm after a machine failed or the time was over.
#SBATCH --job-name=melograph-train
#SBATCH --ntasks-per-node=1
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail
run=$1
shift
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache} # pictures: on a folder that all machines see, each is made once

# A rank that is gone ends the others: they cannot learn without it.
launch=(srun --mpi=pmix --kill-on-bad-exit=1 --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" melograph-cli train --quiet --run "$run")
if [ -f "$run/config.ini" ]; then
  exec "${launch[@]}" --resume
fi
exec "${launch[@]}" "$@"
