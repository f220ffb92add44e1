"""Neural networks, in the habits of published code: parameters in lists, dicts and tuples."""

import math

import numpy as np

from programs.registry import normal, program


# MLP, params as list of tuples
def init_params(rng, sizes, scale=0.3):
    return [
        (scale * rng.normal(size=(m, n)), scale * rng.normal(size=n))
        for m, n in zip(sizes[:-1], sizes[1:])
    ]


def logsumexp(x, axis=None, keepdims=False):
    m = np.max(x, axis=axis, keepdims=True)
    out = m + np.log(np.sum(np.exp(x - m), axis=axis, keepdims=True))
    if not keepdims:
        out = np.squeeze(out, axis=axis)
    return out


def predict(params, inputs):
    for W, b in params:
        outputs = np.dot(inputs, W) + b
        inputs = np.tanh(outputs)
    return outputs - logsumexp(outputs, axis=1, keepdims=True)


def l2_norm(params):
    return sum(np.sum(W**2) + np.sum(b**2) for W, b in params)


@program(
    lambda rng: (
        init_params(rng, [4, 5, 3]),
        rng.normal(size=(6, 4)),
        np.eye(3)[rng.integers(0, 3, 6)],
    ),
    smooth=True,
)
def mlp_log_posterior(params, inputs, targets, L2_reg=0.1):
    log_prior = -L2_reg * l2_norm(params)
    log_lik = np.sum(predict(params, inputs) * targets)
    return -log_prior - log_lik


# dict params, loop over layers
def relu(z):
    return np.maximum(0, z)


def forward(X, params, n_layers):
    A = X
    caches = []
    for layer in range(1, n_layers):
        A_prev = A
        Z = np.dot(params["W" + str(layer)], A_prev) + params["b" + str(layer)]
        A = relu(Z)
        caches.append((A_prev, Z))
    Z = np.dot(params[f"W{n_layers}"], A) + params[f"b{n_layers}"]
    AL = 1 / (1 + np.exp(-Z))
    caches.append((A, Z))
    return AL, caches


def draw2(rng):
    dims = [3, 4, 2, 1]
    p = {}
    for layer in range(1, len(dims)):
        p["W" + str(layer)] = rng.normal(size=(dims[layer], dims[layer - 1]))
        p["b" + str(layer)] = 0.1 * rng.normal(size=(dims[layer], 1))
    return p, rng.normal(size=(3, 5)), rng.integers(0, 2, size=(1, 5))


@program(draw2, smooth=True)
def deep_relu_cost(parameters, X, Y):
    """Cross-entropy of an L-layer network."""
    L = len(parameters) // 2
    AL, caches = forward(X, parameters, L)
    m = Y.shape[1]
    cost = -1.0 / m * np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL))
    cost = np.squeeze(cost)
    assert cost.shape == ()
    return cost


# im2col CNN
def im2col(x, kh, kw, stride=1):
    n, c, h, w = x.shape
    out_h = (h - kh) // stride + 1
    out_w = (w - kw) // stride + 1
    cols = []
    for i in range(out_h):
        for j in range(out_w):
            patch = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            cols.append(patch.reshape(n, -1))
    return np.stack(cols, axis=1), out_h, out_w


def conv2d(x, W, b, stride=1):
    f, c, kh, kw = W.shape
    cols, oh, ow = im2col(x, kh, kw, stride)
    out = cols @ W.reshape(f, -1).T + b
    return out.transpose(0, 2, 1).reshape(x.shape[0], f, oh, ow)


def max_pool(x, size=2):
    n, c, h, w = x.shape
    x = x.reshape(n, c, h // size, size, w // size, size)
    return x.max(axis=(3, 5))


@program(
    lambda rng: (
        {
            "W1": rng.normal(size=(2, 1, 3, 3)),
            "b1": rng.normal(size=2),
            "W2": rng.normal(size=(8, 3)),
            "b2": rng.normal(size=3),
        },
        rng.normal(size=(2, 1, 6, 6)),
        np.array([0, 2]),
    ),
    smooth=True,
)
def cnn_loss(params, x, y):
    h = np.maximum(conv2d(x, params["W1"], params["b1"]), 0)
    h = max_pool(h)
    h = h.reshape(h.shape[0], -1)
    logits = h @ params["W2"] + params["b2"]
    logits -= logits.max(axis=1, keepdims=True)
    logp = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return -logp[np.arange(len(y)), y].mean()


# conv with 4 loops writing
@program(lambda rng: (rng.normal(size=(3, 3)), rng.normal(size=(6, 6))), smooth=True)
def conv_naive(K, img):
    H, W = img.shape
    k = K.shape[0]
    out = np.zeros((H - k + 1, W - k + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(img[i : i + k, j : j + k] * K)
    return np.mean(np.tanh(out) ** 2)


# LSTM concat gates
def sigmoid(x):
    return 0.5 * (np.tanh(x / 2.0) + 1.0)


def lstm_cell(x, h, c, W, b):
    gates = np.dot(np.hstack((x, h)), W) + b
    i, f, o, g = np.split(gates, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    h = sigmoid(o) * np.tanh(c)
    return h, c


@program(
    lambda rng: (
        {
            "W": 0.4 * rng.normal(size=(5, 12)),
            "b": np.zeros(12) + 0.1,
            "Why": rng.normal(size=(3, 2)),
        },
        rng.normal(size=(4, 2, 2)),
        rng.normal(size=(4, 2, 2)),
    ),
    smooth=True,
)
def lstm_sequence(params, xs, ys):
    batch = xs.shape[1]
    hidden = params["Why"].shape[0]
    h, c = np.zeros((batch, hidden)), np.zeros((batch, hidden))
    loss = 0.0
    for t in range(len(xs)):
        h, c = lstm_cell(xs[t], h, c, params["W"], params["b"])
        pred = np.dot(h, params["Why"])
        loss += np.mean((pred - ys[t]) ** 2)
    return loss / len(xs)


# GRU
class Config:
    hidden = 3
    seq = 4


@program(
    lambda rng: ([rng.normal(size=s) for s in [(3, 2), (3, 3), (3,)] * 3], rng.normal(size=(4, 2))),
    smooth=True,
    saves=False,
)
def gru_energy(params, seq):
    Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh = params
    h = np.zeros(Config.hidden)
    hs = []
    for x in seq:
        z = sigmoid(Wz @ x + Uz @ h + bz)
        r = sigmoid(Wr @ x + Ur @ h + br)
        h_tilde = np.tanh(Wh @ x + Uh @ (r * h) + bh)
        h = (1 - z) * h + z * h_tilde
        hs.append(h)
    H = np.array(hs)
    return (H**2).sum() + H[-1].mean()


# picoGPT block
def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    exp_x = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return exp_x / np.sum(exp_x, axis=-1, keepdims=True)


def layer_norm(x, g, b, eps: float = 1e-5):
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return g * (x - mean) / np.sqrt(variance + eps) + b


def linear(x, w, b):
    return x @ w + b


def ffn(x, c_fc, c_proj):
    return linear(gelu(linear(x, **c_fc)), **c_proj)


def attention(q, k, v, mask):
    return softmax(q @ k.T / np.sqrt(q.shape[-1]) + mask) @ v


def mha(x, c_attn, c_proj, n_head):
    x = linear(x, **c_attn)
    qkv_heads = list(map(lambda x: np.split(x, n_head, axis=-1), np.split(x, 3, axis=-1)))
    causal_mask = (1 - np.tri(x.shape[0], dtype=x.dtype)) * -1e10
    out_heads = [attention(q, k, v, causal_mask) for q, k, v in zip(*qkv_heads)]
    x = linear(np.hstack(out_heads), **c_proj)
    return x


def transformer_block(x, mlp, attn, ln_1, ln_2, n_head):
    x = x + mha(layer_norm(x, **ln_1), **attn, n_head=n_head)
    x = x + ffn(layer_norm(x, **ln_2), **mlp)
    return x


def gpt2(inputs, wte, wpe, blocks, ln_f, n_head):
    x = wte[inputs] + wpe[range(len(inputs))]
    for block in blocks:
        x = transformer_block(x, **block, n_head=n_head)
    x = layer_norm(x, **ln_f)
    return x @ wte.T


def gpt_params(rng, d=4, vocab=5, ctx=4, n=2):
    def lin(i, o):
        return {"w": 0.3 * rng.normal(size=(i, o)), "b": 0.1 * rng.normal(size=o)}

    def ln():
        return {"g": 1 + 0.1 * rng.normal(size=d), "b": 0.1 * rng.normal(size=d)}

    return {
        "wte": rng.normal(size=(vocab, d)),
        "wpe": 0.1 * rng.normal(size=(ctx, d)),
        "blocks": [
            {
                "mlp": {"c_fc": lin(d, 2 * d), "c_proj": lin(2 * d, d)},
                "attn": {"c_attn": lin(d, 3 * d), "c_proj": lin(d, d)},
                "ln_1": ln(),
                "ln_2": ln(),
            }
            for _ in range(n)
        ],
        "ln_f": ln(),
    }


@program(lambda rng: (gpt_params(rng), [1, 3, 0, 2], 2), smooth=True)
def pico_gpt_loss(params, inputs, n_head):
    x, y = inputs[:-1], inputs[1:]
    logits = gpt2(x, **params, n_head=n_head)
    logp = logits - logsumexp(logits, axis=-1, keepdims=True)
    return -np.mean(logp[np.arange(len(y)), y])


# the same without stars and map
def mha_plain(x, p, n_head):
    x = linear(x, p["c_attn"]["w"], p["c_attn"]["b"])
    q, k, v = np.split(x, 3, axis=-1)
    mask = (1 - np.tri(x.shape[0])) * -1e10
    heads = []
    for q_i, k_i, v_i in zip(
        np.split(q, n_head, axis=-1), np.split(k, n_head, axis=-1), np.split(v, n_head, axis=-1)
    ):
        heads.append(attention(q_i, k_i, v_i, mask))
    return linear(np.hstack(heads), p["c_proj"]["w"], p["c_proj"]["b"])


@program(lambda rng: (gpt_params(rng), np.array([1, 3, 0, 2]), 2), smooth=True)
def gpt_plain(params, tokens, n_head):
    x = params["wte"][tokens] + params["wpe"][np.arange(tokens.shape[0])]
    for block in params["blocks"]:
        x = x + mha_plain(
            layer_norm(x, block["ln_1"]["g"], block["ln_1"]["b"]), block["attn"], n_head
        )
        h = layer_norm(x, block["ln_2"]["g"], block["ln_2"]["b"])
        m = block["mlp"]
        x = x + linear(
            gelu(linear(h, m["c_fc"]["w"], m["c_fc"]["b"])), m["c_proj"]["w"], m["c_proj"]["b"]
        )
    x = layer_norm(x, g=params["ln_f"]["g"], b=params["ln_f"]["b"])
    logits = x @ params["wte"].T
    return np.sum(logsumexp(logits, axis=-1))


# batched attention with transpose
@program(
    lambda rng: (rng.normal(size=(2, 5, 6)), rng.normal(size=(6, 18)), rng.normal(size=(6, 6)), 2),
    wrt=(0, 1, 2),
    smooth=True,
)
def batched_mha(x, Wqkv, Wo, n_heads):
    B, T, D = x.shape
    dh = D // n_heads
    qkv = x @ Wqkv
    qkv = qkv.reshape(B, T, 3, n_heads, dh).transpose(2, 0, 3, 1, 4)
    q, k, v = qkv[0], qkv[1], qkv[2]
    att = np.einsum("bhid,bhjd->bhij", q, k) / math.sqrt(dh)
    mask = np.triu(np.ones((T, T), dtype=bool), k=1)
    att = np.where(mask, -1e9, att)
    att = softmax(att)
    out = np.einsum("bhij,bhjd->bhid", att, v)
    out = out.transpose(0, 2, 1, 3).reshape(B, T, D)
    return np.sum((out @ Wo) ** 2) / B


# batch norm, dropout w/ mask
def batchnorm(x, gamma, beta, eps=1e-5, mode="train"):
    if mode == "train":
        mu = x.mean(axis=0)
        var = x.var(axis=0)
    elif mode == "test":
        mu, var = 0.0, 1.0
    else:
        raise ValueError("Invalid mode: %s" % mode)
    x_hat = (x - mu) / np.sqrt(var + eps)
    return gamma * x_hat + beta


@program(
    lambda rng: (
        rng.normal(size=(6, 3)),
        rng.uniform(0.5, 1.5, 3),
        rng.normal(size=3),
        rng.uniform(size=(6, 3)) > 0.4,
    ),
    wrt=("x", "gamma", "beta"),
    smooth=True,
)
def bn_dropout(x, gamma, beta, mask, p=0.6):
    h = batchnorm(x, gamma, beta)
    h = h * mask / p
    h = batchnorm(h, gamma, beta, mode="test")
    return np.mean(np.logaddexp(0, h))


# VAE
@program(
    lambda rng: (
        [
            rng.normal(size=(4, 6)) * 0.5,
            rng.normal(size=6),
            rng.normal(size=(3, 4)) * 0.5,
            rng.normal(size=4),
        ],
        rng.uniform(size=(5, 4)),
        rng.normal(size=(5, 3)),
    ),
    smooth=True,
)
def vae_negative_elbo(params, x, eps):
    We, be, Wd, bd = params
    enc = x @ We + be
    mu, logvar = enc[:, :3], enc[:, 3:]
    std = np.exp(0.5 * logvar)
    z = mu + std * eps
    logits = z @ Wd + bd
    # binary cross entropy with logits
    recon = np.sum(np.maximum(logits, 0) - logits * x + np.log1p(np.exp(-np.abs(logits))), axis=1)
    kl = -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar), axis=1)
    return np.mean(recon + kl)


# activations in a dict
ACTIVATIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "leaky": lambda z: np.where(z > 0, z, 0.01 * z),
    "softplus": lambda z: np.log1p(np.exp(z)),
}


@program(
    lambda rng: (init_params(rng, [3, 4, 4, 1]), rng.normal(size=(5, 3))), saves=False, smooth=True
)
def dict_of_activations(params, X):
    names = ["tanh", "softplus", "tanh"]
    h = X
    for (W, b), act in zip(params, names):
        h = ACTIVATIONS[act](h @ W + b)
    return np.sum(h)


# residual + weight sharing with enumerate
@program(
    lambda rng: (
        {
            f"layer{i}": {"W": 0.3 * rng.normal(size=(4, 4)), "b": rng.normal(size=4)}
            for i in range(3)
        },
        rng.normal(size=(2, 4)),
    ),
    smooth=True,
)
def resnet_dict(params, x):
    for i in range(len(params)):
        layer = params["layer{}".format(i)]
        f = np.tanh(np.dot(x, layer["W"]) + layer["b"])
        x = x + f
    return 0.5 * np.sum(np.square(x))


# word2vec SGNS
@program(
    lambda rng: (rng.normal(size=(6, 3)), rng.normal(size=(6, 3)), 2, 4, [0, 1, 5]),
    wrt=(0, 1),
    smooth=True,
)
def negative_sampling(V, U, center, context, negatives):
    v = V[center]
    loss = -np.log(sigmoid(U[context].dot(v)))
    for k in negatives:
        loss -= np.log(sigmoid(-U[k].dot(v)))
    return loss


# contrastive (InfoNCE)
def normalize(x, eps=1e-12):
    return x / (np.linalg.norm(x, axis=1, keepdims=True) + eps)


@program(normal((4, 3), (4, 3)), wrt=(0, 1), smooth=True)
def info_nce(za, zb, temperature=0.5):
    za, zb = normalize(za), normalize(zb)
    sim = za @ zb.T / temperature
    n = sim.shape[0]
    labels = np.arange(n)
    loss_ab = -np.mean(sim[labels, labels] - logsumexp(sim, axis=1))
    loss_ba = -np.mean(np.diag(sim) - logsumexp(sim.T, axis=1))
    return (loss_ab + loss_ba) / 2


# triplet
@program(normal((5, 3), (5, 3), (5, 3)), wrt=(0, 1, 2), smooth=True)
def triplet_loss(anchor, positive, negative, margin=1.0):
    d_pos = np.sum((anchor - positive) ** 2, axis=-1)
    d_neg = np.sum((anchor - negative) ** 2, axis=-1)
    losses = np.maximum(d_pos - d_neg + margin, 0.0)
    return np.mean(losses)


# focal
@program(lambda rng: (rng.normal(size=8), rng.integers(0, 2, 8)), smooth=True)
def focal_loss(logits, targets, gamma=2.0, alpha=0.25):
    p = 1.0 / (1.0 + np.exp(-logits))
    p_t = np.where(targets == 1, p, 1 - p)
    alpha_t = np.where(targets == 1, alpha, 1 - alpha)
    return np.sum(-alpha_t * (1 - p_t) ** gamma * np.log(np.clip(p_t, 1e-8, 1.0)))


# label smoothing, one-hot built by store
@program(lambda rng: (rng.normal(size=(4, 3)), [0, 2, 1, 1]), smooth=True)
def smoothed_cross_entropy(logits, labels, smoothing=0.1):
    n, k = logits.shape
    onehot = np.zeros((n, k))
    onehot[np.arange(n), labels] = 1
    onehot = onehot * (1 - smoothing) + smoothing / k
    log_probs = logits - logsumexp(logits, axis=1)[:, None]
    return -(onehot * log_probs).sum() / n


# CE by list comprehension and sum
@program(
    lambda rng: (rng.normal(size=(3, 4)), rng.normal(size=(5, 4)), [0, 1, 2, 1, 0]), smooth=True
)
def perceptron_nll(W, X, labels):
    def log_softmax(s):
        return s - np.log(sum(np.exp(s)))

    return -sum([log_softmax(np.dot(W, x))[y] for x, y in zip(X, labels)]) / len(X)


# mixture density network
@program(
    lambda rng: (
        rng.normal(size=(1, 5)),
        rng.normal(size=(5, 9)) * 0.5,
        rng.normal(size=(6, 1)),
        rng.normal(size=6),
    ),
    wrt=(0, 1),
    smooth=True,
)
def mixture_density(W1, W2, x, y):
    h = np.tanh(x @ W1)
    out = h @ W2
    logits, mu, log_sigma = out[:, 0:3], out[:, 3:6], out[:, 6:9]
    log_pi = logits - logsumexp(logits, axis=1, keepdims=True)
    sigma = np.exp(log_sigma)
    logp = -0.5 * ((y[:, np.newaxis] - mu) / sigma) ** 2 - log_sigma - 0.5 * np.log(2 * np.pi)
    return -np.mean(logsumexp(log_pi + logp, axis=1))


# flattened weights
SHAPES = [(3, 4), (4,), (4, 1), (1,)]


def unflatten(theta):
    out = []
    start = 0
    for shape in SHAPES:
        n = int(np.prod(shape))
        out.append(theta[start : start + n].reshape(shape))
        start += n
    return out


@program(
    lambda rng: (rng.normal(size=21), rng.normal(size=(5, 3)), rng.normal(size=5)),
    smooth=True,
    saves=False,
)
def flat_mlp(theta, X, y):
    W1, b1, W2, b2 = unflatten(theta)
    pred = (np.tanh(X @ W1 + b1) @ W2 + b2)[:, 0]
    err = pred - y
    return err @ err / err.size


# graph convolution
@program(
    lambda rng: (rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=(5, 3))),
    wrt=(0, 1),
    smooth=True,
)
def gcn(W0, W1, X):
    A = np.array(
        [[0, 1, 0, 0, 1], [1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [1, 0, 0, 1, 0]]
    )
    A_hat = A + np.eye(A.shape[0])
    D_inv_sqrt = np.diag(1.0 / np.sqrt(A_hat.sum(axis=1)))
    L = D_inv_sqrt @ A_hat @ D_inv_sqrt
    H = np.tanh(L @ X @ W0)
    out = softmax(L @ H @ W1)
    return -np.log(out[:, 0]).sum()


# RBM free energy
@program(
    lambda rng: (
        rng.normal(size=(4, 3)),
        rng.normal(size=4),
        rng.normal(size=3),
        rng.integers(0, 2, (5, 4)).astype(float),
    ),
    wrt=(0, 1, 2),
    smooth=True,
)
def rbm_free_energy(W, vbias, hbias, v):
    wx_b = np.dot(v, W) + hbias
    vbias_term = np.dot(v, vbias)
    hidden_term = np.sum(np.log(1 + np.exp(wx_b)), axis=1)
    return np.mean(-hidden_term - vbias_term)


# Neural ODE
@program(
    lambda rng: (init_params(rng, [2, 6, 2]), np.array([[0.5, -0.3]]), np.linspace(0.0, 1.0, 6)),
    smooth=True,
)
def neural_ode(params, y0, t):
    def f(y, t):
        h = y**3
        for W, b in params[:-1]:
            h = np.tanh(h @ W + b)
        W, b = params[-1]
        return h @ W + b

    y = y0
    ys = [y0]
    for i in range(len(t) - 1):
        dt = t[i + 1] - t[i]
        k1 = f(y, t[i])
        k2 = f(y + dt * k1 / 2, t[i] + dt / 2)
        k3 = f(y + dt * k2 / 2, t[i] + dt / 2)
        k4 = f(y + dt * k3, t[i + 1])
        y = y + dt / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)
        ys.append(y)
    traj = np.stack(ys)
    return np.mean(np.abs(traj - 1.0) ** 2)
