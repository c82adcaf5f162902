#!/usr/bin/python3
"""PyTorch's side of `bench nn` for the networks of models/: one training step (forward, loss, backward, Adam) and the
inference of one segment, medians in milliseconds, and the largest resident memory, as a JSON line for each.

    tests/bench/torch_network.py [--threads 2] [--steps 12] [--best] NAME:CHANNELSxHEIGHTxWIDTH:BATCH:CLASSES...

The networks are made from the same descriptions. --best: channels_last and a tuned malloc, as in torch_step.py.
"""
import argparse, json, os, resource, statistics, subprocess, sys, time
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2] / "models"
MALLOC = {"MALLOC_TOP_PAD_": "1000000000", "MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"}


def pair(p, name, otherwise):
    return tuple(p[f"{name}_{side}"] if isinstance(p.get(f"{name}_{side}"), int) else p.get(name, otherwise)
                 for side in ("height", "width"))


def expand(description):
    """The layers of a description in their order: (path, what the description says, numbers of its inputs). Number 0 is the
    network's input."""
    layers = []

    def walk(block, prefix, given, source):
        known, last = {"input": source}, source
        for place, said in enumerate(block["layers"]):
            p = {k: given[v[1:]] if isinstance(v, str) and v.startswith("$") else v for k, v in said.items()}
            inputs = p.get("inputs", [])
            sources = [known[n] for n in ([inputs] if isinstance(inputs, str) else inputs)] or [last]
            name = p.get("name", f"{p.get('type')}{place + 1}")
            if "block" not in p:
                layers.append((prefix + name, p, sources))
                last = len(layers)
            else:
                inner, last = description["blocks"][p["block"]], sources[0]
                for i in range(p.get("repeat", 1)):
                    own = {**inner.get("parameters", {}), **p, **(p.get("first", {}) if i == 0 else {})}
                    last = walk(inner, f"{prefix}{name}.{i}." if "repeat" in p else f"{prefix}{name}.", own, last)
            known[name] = last
        return last

    walk(description, "", description.get("parameters", {}), 0)
    return layers


def network(name, classes, shape):
    """A torch.nn.Module whose parameters have the description's names."""
    import torch
    from torch import nn
    from torch.nn import functional as F

    def module(p):
        kind = p["type"]
        if kind == "conv2d":
            return nn.LazyConv2d(p["out_channels"], pair(p, "kernel", p.get("kernel_size", 3)), pair(p, "stride", 1),
                                 pair(p, "padding", 0), groups=p.get("groups", 1), bias=p.get("bias", True))
        if kind == "batchnorm":
            return nn.LazyBatchNorm2d(p.get("eps", 1e-5), p.get("momentum", 0.1))
        if kind == "linear":
            return nn.LazyLinear(classes if p["out_features"] == "classes" else p["out_features"], p.get("bias", True))
        return nn.Dropout(p["p"]) if kind == "dropout" else None

    def window(p):
        kernel = pair(p, "kernel", p.get("kernel_size", 2))
        return kernel, pair(p, "stride", None) if "stride" in p else kernel, pair(p, "padding", 0)

    simple = {
        "linear": lambda p, m, x: m(x.flatten(1)),
        "maxpool": lambda p, m, x: F.max_pool2d(x, *window(p), ceil_mode=p.get("ceil_mode", False)),
        "avgpool": lambda p, m, x: F.avg_pool2d(x, *window(p), count_include_pad=p.get("count_include_pad", True)),
        "global-average-pool": lambda p, m, x: x.mean((2, 3), keepdim=True),
        "global-max-pool": lambda p, m, x: x.amax((2, 3), keepdim=True),
        "mean-over-time": lambda p, m, x: x.mean(3, keepdim=True),
        "rows-to-channels": lambda p, m, x: x.reshape(x.shape[0], -1, 1, x.shape[3]),
        "transpose": lambda p, m, x: x.transpose(2, 3),
        "flatten": lambda p, m, x: (x.permute(0, 2, 3, 1) if p.get("channels_last") else x).flatten(1),
        "add": lambda p, m, x, y: x + y * p["scale"] if "scale" in p else x + y,
        "concat": lambda p, m, *x: torch.cat(x, 1),
    }

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.steps = expand(json.loads((MODELS / f"{name}.json").read_text()))
            self.own = {}
            takers = [s for _, _, sources in self.steps for s in sources]
            self.alone = [takers.count(i) == 1 for i in range(len(self.steps) + 1)]
            self.last_use = {s: i for i, (_, _, sources) in enumerate(self.steps) for s in sources}
            for path, p, _ in self.steps:
                made, at = module(p), self
                for part in path.split(".")[:-1] if made else []:
                    if part not in at._modules:
                        at.add_module(part, nn.Module())
                    at = at._modules[part]
                if made:
                    at.add_module(path.split(".")[-1], made)
                    self.own[path] = [made]

        def forward(self, x):
            values = {0: x}
            for i, (path, p, sources) in enumerate(self.steps):
                own, given = self.own.get(path, [None])[0], [values[s] for s in sources]
                if p["type"] == "relu":
                    y = F.relu(*given, inplace=self.alone[sources[0]] and sources[0] > 0)
                else:
                    y = simple[p["type"]](p, own, *given) if p["type"] in simple else own(*given)
                values[i + 1] = y
                for s in sources:
                    if self.last_use[s] == i:
                        values.pop(s, None)
                del given
            return y

    made = Network()
    with torch.no_grad():
        made.eval()(torch.zeros(1, *shape))
    for path, p, _ in made.steps:
        if p["type"] == "batchnorm" and not p.get("scale", True):
            made.own[path][0].weight.requires_grad_(False)
    return made


def median_ms(seconds):
    return round(statistics.median(seconds[2:]) * 1e3, 2)


def measure(name, shape, batch, classes, steps, best):
    import torch
    torch.manual_seed(1)
    layout = torch.channels_last if best else torch.contiguous_format
    net = network(name, classes, shape).to(memory_format=layout)
    x = torch.randn(batch, *shape).to(memory_format=layout)
    y, taken = torch.randint(0, classes, (batch,)), []
    optimizer = torch.optim.Adam((p for p in net.parameters() if p.requires_grad), 1e-3)
    net.train()
    for _ in range(steps):
        start = time.perf_counter()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        taken.append(time.perf_counter() - start)
    del loss
    net.eval()
    one, alone = x[:1].contiguous(memory_format=layout), []
    with torch.inference_mode():
        for _ in range(max(20, steps)):
            start = time.perf_counter()
            net(one)
            alone.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"net": name, "peer": "torch " + torch.__version__, "best": best, "batch": batch,
                      "step_ms": median_ms(taken), "infer_ms": median_ms(alone), "peak_rss_mb": peak}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--best", action="store_true")
    parser.add_argument("networks", nargs="+", metavar="NETWORK")
    options = parser.parse_args()
    if len(options.networks) > 1:  # each in a process of its own, for its memory
        for net in options.networks:
            subprocess.run([sys.executable, *sys.argv[:len(sys.argv) - len(options.networks)], net], check=True)
        return
    if os.environ.get("TORCH_NETWORK_READY") != "1":  # malloc reads its environment when a program starts
        env = {**os.environ, **(MALLOC if options.best else {}), "OMP_NUM_THREADS": str(options.threads),
               "TORCH_NETWORK_READY": "1"}
        os.execve(sys.executable, [sys.executable, *sys.argv], env)
    import torch
    torch.set_num_threads(options.threads)
    name, shape, batch, classes = options.networks[0].split(":")
    measure(name, tuple(map(int, shape.split("x"))), int(batch), int(classes), options.steps, options.best)


if __name__ == "__main__":
    main()
