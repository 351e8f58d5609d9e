"""The network of Rouser's benchmarks in plain PyTorch, as carefully as it can be written without a kernel of its own.

One dense product a layer drives all steps at once. The recurrences take four operations a step forward and two backward, over the whole batch: what
does not depend on the step before is done for all steps in one operation. The layer is one autograd function, so autograd keeps no graph over time.
The equations are those of Core/Rouser.Snn/Reference/ReferenceLayer.cs: soft reset, delayed coupling, full reset gradient.
"""
import torch


class Layer(torch.autograd.Function):
    """x [T, B, N], what the spikes below drive; Th [N]; returns S [T, B, N].

    I[t] = a I[t-1] + x[t-1]    V[t] = b V[t-1] - Th S[t-1] + I[t-1]    S[t] = V[t] >= Th
    """

    @staticmethod
    def forward(ctx, x, Th, a, b, tau, s):
        steps, _, _ = x.shape
        training = ctx.needs_input_grad[0]
        S = torch.empty_like(x)
        V = torch.empty_like(x) if training else torch.empty_like(x[0]).expand_as(x)
        Vs, Ss, xs, minus_Th = V.unbind(0), S.unbind(0), x.unbind(0), -Th
        I = torch.zeros_like(x[0])
        Vs[0].zero_()
        torch.ge(Vs[0], Th, out=Ss[0])
        for t in range(1, steps):
            torch.add(I, Vs[t - 1], alpha=b, out=Vs[t])
            Vs[t].addcmul_(Ss[t - 1], minus_Th)
            torch.ge(Vs[t], Th, out=Ss[t])
            torch.add(xs[t - 1], I, alpha=a, out=I)
        if training:
            ctx.save_for_backward(V, S, Th)
            ctx.constants = a, b, tau, s
        return S

    @staticmethod
    def backward(ctx, gS):
        """phi = s/tau exp(-|V - Th|/tau)    gV[t] = (b - Th phi[t]) gV[t+1] + gS[t] phi[t]    gI[t] = a gI[t+1] + gV[t+1]    gx[t-1] = gI[t]"""
        V, S, Th = ctx.saved_tensors
        a, b, tau, s = ctx.constants
        phi = (V - Th).abs_().mul_(-1 / tau).exp_().mul_(s / tau)
        gV = gS * phi
        direct = gV.sum((0, 1))
        K = phi.mul_(-Th).add_(b)
        gx = torch.empty_like(gV)
        gVs, Ks, gxs = gV.unbind(0), K.unbind(0), gx.unbind(0)
        # gI[T-1] is 0, and gx[T-1] too, because what drives the last step has no step left to take effect in.
        gx[-2:].zero_()
        for t in range(len(gVs) - 2, 0, -1):
            torch.add(gVs[t + 1], gxs[t], alpha=a, out=gxs[t - 1])
            gVs[t].addcmul_(Ks[t], gVs[t + 1])
        gVs[0].addcmul_(Ks[0], gVs[1])
        gTh = -(direct + ((S[:-1] - b + K[:-1]) * gV[1:]).sum((0, 1)))
        return gx, gTh, None, None, None, None


class RecurrentLayer(torch.autograd.Function):
    """The same of a layer that hears itself; U [N, N], a row for each neuron that spikes. A step takes a product more, forward and backward.

    I[t] = a I[t-1] + x[t-1] + S[t-1] U
    """

    @staticmethod
    def forward(ctx, x, U, Th, a, b, tau, s):
        steps, _, _ = x.shape
        training = ctx.needs_input_grad[1]
        S = torch.empty_like(x)
        V = torch.empty_like(x) if training else torch.empty_like(x[0]).expand_as(x)
        Vs, Ss, xs, minus_Th = V.unbind(0), S.unbind(0), x.unbind(0), -Th
        I = torch.zeros_like(x[0])
        Vs[0].zero_()
        torch.ge(Vs[0], Th, out=Ss[0])
        for t in range(1, steps):
            torch.add(I, Vs[t - 1], alpha=b, out=Vs[t])
            Vs[t].addcmul_(Ss[t - 1], minus_Th)
            torch.ge(Vs[t], Th, out=Ss[t])
            torch.add(xs[t - 1], I, alpha=a, out=I)
            I.addmm_(Ss[t - 1], U)
        if training:
            ctx.save_for_backward(V, S, U, Th)
            ctx.constants = a, b, tau, s
        return S

    @staticmethod
    def backward(ctx, gS):
        """gS[t] gains gI[t+1] Uᵀ    gU = Σ S[t-1]ᵀ gI[t]    Σ (∂L/∂S[t] with reset) phi[t] = Σ (gV[t] - b gV[t+1])"""
        V, S, U, Th = ctx.saved_tensors
        a, b, tau, s = ctx.constants
        phi = (V - Th).abs_().mul_(-1 / tau).exp_().mul_(s / tau)
        gV = gS * phi
        K = torch.addcmul(torch.full_like(Th, b), phi, Th, value=-1)
        gx = torch.empty_like(gV)
        gVs, Ks, gxs, phis = gV.unbind(0), K.unbind(0), gx.unbind(0), phi.unbind(0)
        UT = U.t().contiguous()
        gx[-2:].zero_()
        for t in range(len(gVs) - 2, -1, -1):
            if t > 0:
                torch.add(gVs[t + 1], gxs[t], alpha=a, out=gxs[t - 1])
            gVs[t].addcmul_(Ks[t], gVs[t + 1])
            gVs[t].addcmul_(phis[t], gxs[t] @ UT)
        gTh = -(gV.sum((0, 1)) + ((S[:-1] - b) * gV[1:]).sum((0, 1)))
        N = len(Th)
        return gx, S.view(-1, N).t() @ gx.view(-1, N), gTh, None, None, None, None


class Connection:
    """What a layer sees of a plane below: sums over windows, a kernel, or both.

    Planes lie as [T*B, H, W, C], which PyTorch calls channels last: its convolutions take it as it is, and so does a dense layer above. Only the input
    comes by channel.
    """

    def __init__(self, numbers, is_first):
        self.channels, self.height, self.width, self.pool, self.kernel, self.stride, self.padding = (int(n) for n in numbers)
        self.is_first = is_first

    def drive(self, spikes, W):
        shape = (self.channels, self.height, self.width) if self.is_first else (self.height, self.width, self.channels)
        x = spikes.view(-1, *shape)
        x = x.contiguous(memory_format=torch.channels_last) if self.is_first else x.permute(0, 3, 1, 2)
        if self.pool > 1:
            x = torch.nn.functional.avg_pool2d(x, self.pool) * self.pool ** 2
        if self.kernel == 0:
            return x.permute(0, 2, 3, 1).reshape(len(x), -1) @ W
        w = W.view(self.channels, self.kernel, self.kernel, -1).permute(3, 0, 1, 2)
        z = torch.nn.functional.conv2d(x, w, stride=self.stride, padding=self.padding)
        return z.permute(0, 2, 3, 1).reshape(len(z), -1)


class Network:
    """LIF layers, dense unless they have a connection, those with more weights than inputs hearing themselves, a van Rossum loss with a second-order filter, and Adam."""

    def __init__(self, settings, weights, thresholds, connections=None):
        self.settings = settings
        self.connections = connections or [None] * len(weights)
        below = [int(settings["inputs"])] + [len(th) for th in thresholds]
        rows = [n if connection is None else len(w) for w, n, connection in zip(weights, below, self.connections)]
        self.initial = ([w[:n].clone() for w, n in zip(weights, rows)], [th.clone() for th in thresholds],
                        [w[n:].clone() if len(w) > n else None for w, n in zip(weights, rows)])
        n = torch.arange(int(settings["steps"]), dtype=torch.float64)
        lag = n[:, None] - n[None, :]
        h = torch.where(lag >= 0, (lag + 1) * torch.exp(-lag / settings["filter_tau"]), torch.zeros_like(lag))
        self.filter = h.float()
        self.restart()

    def restart(self):
        """Back to the initial weights."""
        c = self.settings
        self.weights = [w.clone().requires_grad_() for w in self.initial[0]]
        self.thresholds = [th.clone().requires_grad_() for th in self.initial[1]]
        self.own = [None if u is None else u.clone().requires_grad_() for u in self.initial[2]]
        self.adam = torch.optim.Adam(
            [{"params": self.weights + [u for u in self.own if u is not None], "lr": c["learning_rate"]}, {"params": self.thresholds, "lr": c["threshold_learning_rate"]}],
            betas=(c["beta1"], c["beta2"]), eps=c["epsilon"])

    def forward(self, spikes):
        """spikes [T*B, N], dense or sparse; returns every layer's [T, B, N]."""
        c, layers = self.settings, []
        T = int(c["steps"])
        constants = c["current_decay"], c["voltage_decay"], c["tau"], c["scale"]
        for W, U, Th, connection in zip(self.weights, self.own, self.thresholds, self.connections):
            if connection is not None:
                x = connection.drive(spikes, W)
            else:
                x = torch.sparse.mm(spikes, W) if spikes.is_sparse else spikes @ W
            x = x.view(T, -1, len(Th))
            S = Layer.apply(x, Th, *constants) if U is None else RecurrentLayer.apply(x, U, Th, *constants)
            layers.append(S)
            spikes = S.view(-1, len(Th))
        return layers

    def loss(self, S, target):
        """L = ½ Σ (h * (S - target))², the mean over the batch."""
        T, B, _ = S.shape
        return (self.filter @ (S - target).view(T, -1)).square().sum() / (2 * B)

    def targets(self, labels, classes):
        """[T, B, C]: the right class spikes every true_period steps, the others every false_period."""
        c = self.settings
        t = torch.arange(1, int(c["steps"]) + 1)[:, None, None]
        right = (t % int(c["true_period"]) == 0).float()
        other = (t % int(c["false_period"]) == 0).float()
        return torch.where(labels[None, :, None] == torch.arange(classes), right, other)

    def train(self, spikes, target):
        """One step; returns the loss and the layers' spikes. Gradients stay in .grad."""
        layers = self.forward(spikes)
        loss = self.loss(layers[-1], target)
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()
        return loss, layers

    def weight_gradient(self, l):
        """Of the weights of layer l, those from its own spikes below the others."""
        W, U = self.weights[l], self.own[l]
        return W.grad if U is None else torch.cat((W.grad, U.grad))

    @torch.no_grad()
    def infer(self, spikes):
        """The predicted classes."""
        return self.forward(spikes)[-1].sum(0).argmax(1)
