namespace Rouser.Core.Snn;

/// <summary>A price on hidden neurons that fire too much or not at all (Zenke and Vogels 2021; Perez-Nieves and Goodman 2021).</summary>
/// <remarks>
/// For each sample and each hidden layer, with n_i the spikes of neuron i of N; the loss L of a sample gains the sum over hidden layers of
/// <code>
/// λ_u max(0, n̄ − f_u) + λ_l (1/N) Σ_i max(0, f_l − n_i)²      n̄ = (1/N) Σ_i n_i
/// </code>
/// and ∂L/∂S_i[t], at every step t alike,
/// <code>
/// (λ_u/N) [n̄ > f_u] − (2 λ_l/N) max(0, f_l − n_i)
/// </code>
/// The loss that is reported is the whole.
/// </remarks>
/// <param name="UpperWeight">λ_u.</param>
/// <param name="UpperCount">f_u, spikes per neuron and sample, a mean over the layer.</param>
/// <param name="LowerWeight">λ_l.</param>
/// <param name="LowerCount">f_l, spikes per neuron and sample, of each neuron.</param>
public sealed record ActivityRegularizer(double UpperWeight, double UpperCount, double LowerWeight, double LowerCount);
