#!/bin/bash
# Labels a shoot on a Slurm cluster, a part of the photos for each task of an array:
#
#     sbatch deploy/slurm.sh /shoots/wedding /shoots/wedding.style
#
# Afterwards one table tells of all photos:
#
#     autohdr report wedding.csv wedding-part-*.csv
#SBATCH --job-name=autohdr
#SBATCH --array=1-20
#SBATCH --cpus-per-task=4
#SBATCH --mem=6G
#SBATCH --time=12:00:00
# Two minutes before the time is over: photos that are begun are finished, and the same command goes on later.
#SBATCH --signal=INT@120
set -eu
exec srun autohdr label "$1" --style "$2" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --threads "$SLURM_CPUS_PER_TASK" \
  --report "$(basename "$1")-part-$SLURM_ARRAY_TASK_ID.csv"
