using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rouser.Core.Parameters;

namespace Rouser.Sweeps;

/// <summary>What makes a trial the same trial.</summary>
/// <remarks>
/// The canonical text, in UTF-8 and with a line feed after each line: <c>rouser/trial/v1</c>; a line
/// <c>name=value</c> for each parameter that the method uses, folders aside, under its first name
/// (<see cref="Parameter.IdentityName"/>) and ordered by that name's code points; then
/// <c>seed=</c>, <c>data=</c> (the data's digest), <c>engine=</c>. Numbers are the shortest decimals that read back
/// as the same double, in the invariant culture, so that 1, 1.0 and 1e0 of a real parameter are one; minus zero is
/// zero.
/// </remarks>
public static class TrialIdentity
{
    /// <summary>The canonical text of a trial's content.</summary>
    /// <param name="parameters">Its parameters; those that the method does not use are left out.</param>
    /// <param name="dataDigest">The digest of its data.</param>
    /// <param name="engineVersion">
    /// The training engine and its version, <c>fused/1</c>: a change of the engine that changes results changes it.
    /// </param>
    public static string Canonical(ParameterSet parameters, long seed, string dataDigest, string engineVersion) =>
        Head(ParameterSchema.Used(parameters)) + Tail(seed, dataDigest, engineVersion);

    /// <summary>The identity of a trial's content; see <see cref="Canonical"/>.</summary>
    public static TrialId Of(ParameterSet parameters, long seed, string dataDigest, string engineVersion) =>
        Hash(Canonical(parameters, seed, dataDigest, engineVersion));

    /// <summary>The part of the canonical text that trials with other seeds share.</summary>
    internal static string Head(ParameterSet used)
    {
        StringBuilder text = new("rouser/trial/v1\n", 1024);
        foreach (Parameter parameter in ParameterSchema.InIdentity)
        {
            if (used.Find(parameter.Name) is { } value)
                text.Append(parameter.IdentityName).Append('=').Append(Text(value)).Append('\n');
        }
        return text.ToString();
    }

    internal static string Tail(long seed, string dataDigest, string engineVersion) =>
        string.Create(CultureInfo.InvariantCulture, $"seed={seed}\ndata={dataDigest}\nengine={engineVersion}\n");

    internal static TrialId Hash(string canonical)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(canonical), hash);
        return new TrialId(Convert.ToHexStringLower(hash[..16]));
    }

    private static string Text(ParameterValue value) => value is ParameterValue.Real { Value: 0 } ? "0" : value.ToString();
}
