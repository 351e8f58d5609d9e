#!/usr/bin/env bash
# Rouser against a careful PyTorch loop: the same network, events, initial weights and cores, both sides in turn. On Debian:
#   apt-get install -y python3-torch libopenblas0-pthread
# (without OpenBLAS, Debian's PyTorch multiplies matrices by a reference BLAS some forty times slower, which would be no comparison). Then:
#   tests/Rouser.Benchmarks/peers/compare.sh [--data DIR] [--network nmnist|shd|dvs128|conv|recurrent|all] [--threads N] [--rounds N]
# DIR holds N-MNIST's Train and Test; without it the digits are generated.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
network=all threads=$(nproc) rounds=5 data=()
while [ $# -gt 0 ]; do
  case "$1" in
    --data) data=(--data "$(realpath "$2")") ;;
    --network) network=$2 ;;
    --threads) threads=$2 ;;
    --rounds) rounds=$2 ;;
    *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  [ $# -ge 2 ] || { echo "compare.sh: $1 needs a value" >&2; exit 2; }
  shift 2
done
[ "$network" = all ] && networks=(nmnist shd dvs128 conv recurrent) || networks=("$network")
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import torch' 2>/dev/null || { echo "compare.sh: $python has no torch; apt-get install -y python3-torch, or set PYTHON" >&2; exit 2; }

dotnet build -c Release "$root/tests/Rouser.Benchmarks" -v quiet --nologo >&2
rouser=$root/artifacts/bin/Rouser.Benchmarks/release/Rouser.Benchmarks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads
pin=()
command -v taskset >/dev/null && pin=(taskset -c "0-$((threads - 1))")

status=0
echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
"${pin[@]}" "$python" "$here/summary.py" product "$threads"
for name in "${networks[@]}"; do
  # A dense batch of DVS128 takes 1.3 GB.
  batches=4
  [ "$name" = dvs128 ] && batches=1
  # PyTorch's convolutions take no sparse tensors.
  inputs=(dense sparse)
  [ "$name" = conv ] && inputs=(dense)
  "$rouser" peer-data --network "$name" --batches $batches --file "$work/$name" "${data[@]}"
  echo
  "${pin[@]}" "$python" "$here/peer.py" check "$work/$name" --threads "$threads" || status=1
  for side in rouser dense sparse; do : > "$work/$name.$side"; done
  for ((round = 0; round < rounds; round++)); do
    "${pin[@]}" "$rouser" peer-time --network "$name" --batches $batches --threads "$threads" --runs 5 "${data[@]}" >> "$work/$name.rouser"
    for input in "${inputs[@]}"; do
      "${pin[@]}" "$python" "$here/peer.py" time "$work/$name" --input $input --threads "$threads" --runs 2 >> "$work/$name.$input"
    done
  done
  sides=()
  for input in "${inputs[@]}"; do sides+=("PyTorch, $input input=$work/$name.$input"); done
  "$python" "$here/summary.py" table "$name, $threads thread(s), $rounds rounds" "Rouser=$work/$name.rouser" "${sides[@]}"
done
echo
echo "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
exit $status
