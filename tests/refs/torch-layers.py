#!/usr/bin/python3
"""Makes torch-layers.json and torch-resnet18.json: what PyTorch 1.13 gives for each layer and for ResNet-18 as a whole.

tests/nn/test-torch-layers.c computes the same. All numbers that go in come from hashed() of tests/nn/small-cnn.h, so that
only results are stored. For each case: the layer by itself (output while training and in inference, gradients of its
input and its tensors), and ten steps of gradient descent of [conv2d, layer, linear]. Of ResNet-18: the loss of ten steps,
the logits of the first and in inference after it, and for each tensor's first gradient its norm and its product with
hashed numbers. Its steps are small: with larger ones a relu changes sides sooner or later, and PyTorch itself then gives
losses that differ by a thousandth when its weights are changed by a millionth.
"""
import json, os
import numpy as np
import torch, torch.nn as nn, torch.nn.functional as F

folder = os.path.dirname(os.path.abspath(__file__))
BATCH, SHAPE, CLASSES = 3, (2, 6, 7), 3


def hashed(n, series):
    u = (np.arange(1, n + 1, dtype=np.uint64) * 2654435761 + series * 2246822519) & 0xFFFFFFFF
    u = ((u ^ (u >> 15)) * 2246822519) & 0xFFFFFFFF
    u = u ^ (u >> 13)
    return torch.from_numpy(((u >> 8).astype(np.float32) / np.float32(1 << 23)) - np.float32(1))


def fill(module):
    with torch.no_grad():
        for t, (name, p) in enumerate(module.named_parameters()):
            values = hashed(p.numel(), t).reshape(p.shape)
            if p.dim() > 1: values = values / np.float32(np.sqrt(np.float32(p[0].numel())))
            elif name.endswith("bias"): values = values * np.float32(0.1)
            else: values = values * np.float32(0.1) + 1
            p.copy_(values)
    return module


class Do(nn.Module):
    def __init__(self, function, **modules):
        super().__init__(); self.function = function
        for name, module in modules.items(): setattr(self, name, module)
    def forward(self, x): return self.function(self, x)


def norm(values, turn, back): return Do(lambda s, x: back(s.norm(turn(x)), x), norm=nn.LayerNorm(values))


class Fixed(nn.Module): # batch norm without a factor
    def __init__(self):
        super().__init__(); self.bias = nn.Parameter(torch.zeros(2)); self.mean, self.var = torch.zeros(2), torch.ones(2)
    def forward(self, x): return F.batch_norm(x, self.mean, self.var, None, self.bias, self.training, 0.01, 1e-3)


C, H, W = SHAPE
def conv(keys, **k): return ([dict(type="conv2d", **keys)], nn.Conv2d(2, **k))
cases = {
    "conv2d": conv(dict(out_channels=3), out_channels=3, kernel_size=3),
    "conv2d-same": conv(dict(out_channels=5, padding=1, bias=False), out_channels=5, kernel_size=3, padding=1, bias=False),
    "conv2d-rectangular": conv(dict(out_channels=3, kernel_height=1, kernel_width=5, padding_width=2, stride_height=2),
                               out_channels=3, kernel_size=(1, 5), padding=(0, 2), stride=(2, 1)),
    "conv2d-groups": conv(dict(out_channels=4, groups=2, stride=2, padding=1), out_channels=4, kernel_size=3, groups=2, stride=2, padding=1),
    "conv2d-1x1": conv(dict(out_channels=4, kernel_size=1, stride=2), out_channels=4, kernel_size=1, stride=2),
    "batchnorm": ([dict(type="batchnorm")], nn.BatchNorm2d(2)),
    "batchnorm-eps": ([dict(type="batchnorm", eps=0.01, momentum=0.3)], nn.BatchNorm2d(2, eps=0.01, momentum=0.3)),
    "batchnorm-no-scale": ([dict(type="batchnorm", scale=False, eps=1e-3, momentum=0.01)], Fixed()),
    "layernorm": ([dict(type="layernorm")], norm(C * H * W, lambda x: x.flatten(1), lambda y, x: y.reshape(x.shape))),
    "layernorm-features": ([dict(type="layernorm", over="features")],
                           norm(C * H, lambda x: x.flatten(1, 2).transpose(1, 2), lambda y, x: y.transpose(1, 2).reshape(x.shape))),
    "layernorm-channels": ([dict(type="layernorm", over="channels", eps=1e-3)],
                           Do(lambda s, x: s.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), norm=nn.LayerNorm(C, eps=1e-3))),
    "relu": ([dict(type="relu")], nn.ReLU()),
    "leaky-relu": ([dict(type="leaky-relu", negative_slope=0.2)], nn.LeakyReLU(0.2)),
    "gelu": ([dict(type="gelu")], nn.GELU()),
    "sigmoid": ([dict(type="sigmoid")], nn.Sigmoid()),
    "tanh": ([dict(type="tanh")], nn.Tanh()),
    "maxpool": ([dict(type="maxpool")], nn.MaxPool2d(2)),
    "maxpool-padded": ([dict(type="maxpool", kernel_size=3, stride=2, padding=1)], nn.MaxPool2d(3, 2, 1)),
    "maxpool-ceil": ([dict(type="maxpool", kernel_size=2, stride_height=3, ceil_mode=True)], nn.MaxPool2d(2, (3, 2), ceil_mode=True)),
    "maxpool-rectangular": ([dict(type="maxpool", kernel_height=1, kernel_width=3, stride=2)], nn.MaxPool2d((1, 3), 2)),
    "avgpool": ([dict(type="avgpool")], nn.AvgPool2d(2)),
    "avgpool-padded": ([dict(type="avgpool", kernel_size=3, stride=2, padding=1, ceil_mode=True)], nn.AvgPool2d(3, 2, 1, ceil_mode=True)),
    "avgpool-no-border": ([dict(type="avgpool", kernel_size=3, stride=1, padding=1, count_include_pad=False)],
                          nn.AvgPool2d(3, 1, 1, count_include_pad=False)),
    "avgpool-rectangular": ([dict(type="avgpool", kernel_height=3, kernel_width=2)], nn.AvgPool2d((3, 2))),
    "global-average-pool": ([dict(type="global-average-pool")], nn.AdaptiveAvgPool2d(1)),
    "global-max-pool": ([dict(type="global-max-pool")], nn.AdaptiveMaxPool2d(1)),
    "mean-over-time": ([dict(type="mean-over-time")], Do(lambda s, x: x.mean(-1))),
    "max-over-time": ([dict(type="max-over-time")], Do(lambda s, x: x.max(-1).values)),
    "dropout": ([dict(type="dropout", p=0)], nn.Dropout(0)),
    "linear": ([dict(type="linear", out_features=7)], nn.Sequential(nn.Flatten(), nn.Linear(C * H * W, 7))),
    "linear-no-bias": ([dict(type="linear", out_features=5, bias=False)], nn.Sequential(nn.Flatten(), nn.Linear(C * H * W, 5, bias=False))),
    "add": ([dict(type="sigmoid", name="other"), dict(type="add", inputs=["input", "other", "input"])], Do(lambda s, x: x + x.sigmoid() + x)),
    "add-scale": ([dict(type="tanh", name="other"), dict(type="add", inputs=["input", "other"], scale=-0.17)], Do(lambda s, x: x - 0.17 * x.tanh())),
    "concat": ([dict(type="tanh", name="other"), dict(type="concat", inputs=["other", "input", "other"])],
               Do(lambda s, x: torch.cat([x.tanh(), x, x.tanh()], 1))),
    "flatten": ([dict(type="flatten")], nn.Flatten()),
    "flatten-channels-last": ([dict(type="flatten", channels_last=True)], Do(lambda s, x: x.permute(0, 2, 3, 1).flatten(1))),
    "transpose": ([dict(type="transpose")], Do(lambda s, x: x.transpose(2, 3))),
    "rows-to-channels": ([dict(type="rows-to-channels")], Do(lambda s, x: x.flatten(1, 2).unsqueeze(2))),
}


def numbers(t): return [float("%.7g" % v) for v in t.detach().contiguous().flatten().tolist()]


def losses(model, x, labels, rate):
    found = []
    for _ in range(10):
        loss = F.cross_entropy(model(x), labels)
        model.zero_grad(); loss.backward(); found.append(float("%.9g" % loss))
        with torch.no_grad():
            for p in model.parameters(): p -= rate * p.grad
    return found


def layer_case(name, layers, module):
    x = hashed(BATCH * C * H * W, 90).reshape(BATCH, *SHAPE).requires_grad_()
    state = {k: v.clone() for k, v in module.state_dict().items()}
    fill(module); module.train(); y = module(x)
    y.backward(hashed(y.numel(), 91).reshape(y.shape))
    case = dict(name=name, layers=layers, output=numbers(y), dx=numbers(x.grad), gradients=[numbers(p.grad) for p in module.parameters()])
    module.eval(); case["inference"] = numbers(module(x))
    n = y[0].numel(); module.load_state_dict(state); module.train()
    if isinstance(module, Fixed): module.mean, module.var = torch.zeros(2), torch.ones(2)
    before = nn.Conv2d(2, 2, 3, padding=1)
    model = fill(nn.Sequential(before, module, nn.Flatten(), nn.Linear(n, CLASSES)))
    case["losses"] = losses(model, x.detach(), torch.tensor([0, 1, 2]), 0.1)
    return case


class Basic(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.downsample = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o)) if stride != 1 or i != o else None
    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.downsample(x) if self.downsample else x))


class ResNet18(nn.Module):
    def __init__(self, classes):
        super().__init__(); self.conv1, self.bn1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        for k, (i, o, s) in enumerate(((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)), 1):
            setattr(self, "layer%d" % k, nn.Sequential(Basic(i, o, s), Basic(o, o, 1)))
        self.fc = nn.Linear(512, classes)
    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3)))


def resnet18():
    shape, labels = (4, 1, 48, 64), torch.tensor([0, 1, 2, 4])
    model = fill(ResNet18(5)); x = hashed(4 * 48 * 64, 90).reshape(shape).requires_grad_()
    logits = model(x); F.cross_entropy(logits, labels).backward()
    gradients = {k: [float("%.7g" % p.grad.double().norm()), float("%.7g" % (p.grad.flatten().double() @ hashed(p.numel(), 92).double()))]
                 for k, p in model.named_parameters()}
    gradients["input"] = [float("%.7g" % x.grad.double().norm()), float("%.7g" % (x.grad.flatten().double() @ hashed(x.numel(), 92).double()))]
    found = dict(logits=numbers(logits), gradients=gradients)
    model.eval(); found["inference"] = numbers(model(x))
    model = fill(ResNet18(5)); found["losses"] = losses(model, x.detach(), labels, 0.00001)
    return found


def write(name, value):
    with open(os.path.join(folder, name), "w") as f: f.write(value)


write("torch-layers.json", "[\n" + ",\n".join(json.dumps(layer_case(n, *c)) for n, c in cases.items()) + "\n]\n")
write("torch-resnet18.json", json.dumps(resnet18(), indent=1) + "\n")
