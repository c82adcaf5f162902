#!/usr/bin/python3
"""Ratios of PyTorch's times and memory to ours (above 1: ours are less) for the networks of `bench nn`.

    tests/bench/peer.py [--found] [--avx2] [--rounds 5] [--cli build/src/cli/melograph-cli] [NETWORK...]

Runs `melograph-cli bench nn` and the peer in turn and compares medians. The peer is torch_step.py of the folder
../shared/peers (MELOGRAPH_SHARED) for the three networks that it has, torch_network.py for the others. --found: PyTorch
as a user finds it, instead of its best set-up. --avx2: both without AVX-512. PyTorch (Debian: python3-torch) is needed
for this comparison only.
"""
import argparse, json, os, statistics, subprocess, sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PEER = Path(os.environ.get("MELOGRAPH_SHARED", TOP.parent / "shared")) / "peers" / "torch_step.py"
THREE = ["small-cnn", "resnet18", "lstm"]
OTHERS = TOP / "tests/bench/torch_network.py"
FIGURES = ("step_ms", "infer_ms", "peak_rss_mb")


def environment(avx2):
    env = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
    if avx2:
        env.update(ATEN_CPU_CAPABILITY="avx2", ONEDNN_MAX_CPU_ISA="AVX2", DNNL_MAX_CPU_ISA="AVX2",
                   MELOGRAPH_KERNELS="x86-64-v3")
    return env


def run(command, env):
    lines = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.splitlines()
    return json.loads(lines[-1])


def one_round(net, options, env):
    threads, best = f"--threads={options.threads}", [] if options.found else ["--best"]
    ours = run([options.cli, "bench", "nn", "--json", f"--repeats={options.repeats}", threads, net], env)
    if net in THREE:
        peer = [PEER, threads, *best, net]
    else:
        peer = [OTHERS, threads, f"--steps={options.repeats + 2}", *best,
                f"{net}:{ours['input']}:{ours['batch']}:{ours['classes']}"]
    return ours, run(["/usr/bin/python3", *map(str, peer)], env)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--found", action="store_true")
    parser.add_argument("--avx2", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=10, help="steps of a round that count")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cli", default=str(TOP / "build/src/cli/melograph-cli"))
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    options = parser.parse_args()
    networks, env = options.networks or THREE, environment(options.avx2)
    if not PEER.is_file() and set(networks) & set(THREE):
        sys.exit(f"peer.py: {PEER} is not there; set MELOGRAPH_SHARED")
    for net in networks:
        rounds = [one_round(net, options, env) for _ in range(options.rounds)]
        for figure in FIGURES:
            pairs = [(a.get(figure), b.get(figure)) for a, b in rounds]
            if None in pairs[0]:
                continue
            mine, other = (statistics.median(column) for column in zip(*pairs))
            print(f"{net:20} {figure:12} {mine:9.2f}  PyTorch {other:9.2f}  ratio {other / mine:5.2f}", flush=True)


main()
