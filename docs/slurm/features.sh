#!/bin/bash
# A table of features by all processors of some machines:
#   sbatch --nodes=4 --ntasks-per-node=32 features.sh --dataset /shared/fma_full --table fma --out /shared/fma.csv
# A job that was ended goes on where it was: give it again.
#SBATCH --job-name=melograph-features
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
set -euo pipefail

# Rows are kept here as they are made: on a folder that all machines see, whoever goes on finds all of them.
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}

exec srun --mpi=pmix --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" melograph-cli features --quiet --jobs "${SLURM_CPUS_PER_TASK:-1}" "$@"
