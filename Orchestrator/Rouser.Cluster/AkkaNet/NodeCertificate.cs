using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rouser.Core;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// What a node shows the others by mutual TLS, and what it asks of them. It comes from one PEM file: the node's
/// certificate first, then, if there are any, the certificates of the authorities that it lets in. A peer is let in
/// if one of these has issued its certificate, or if it shows the very same certificate.
/// </summary>
/// <remarks>
/// The authorities that the operating system knows do not count. Names in certificates are not compared, because
/// nodes come and go on any machine; so with the system's authorities whoever holds any certificate of a public one
/// could join.
/// </remarks>
public sealed class NodeCertificate : IDisposable
{
    private readonly string _file;
    private readonly X509Certificate2Collection _authorities = [],
        _intermediates = [];

    private NodeCertificate(string file, X509Certificate2 own, X509Certificate2Collection rest)
    {
        (_file, Own) = (file, own);
        foreach (X509Certificate2 other in rest.Where(c => c.Thumbprint != own.Thumbprint))
            (other.SubjectName.RawData.AsSpan().SequenceEqual(other.IssuerName.RawData) ? _authorities : _intermediates).Add(
                other
            );
    }

    /// <summary>The node's own, with its private key.</summary>
    public X509Certificate2 Own { get; }

    /// <summary>Reads a PEM file.</summary>
    /// <param name="key">The file of the private key; null if it stands in the same file.</param>
    public static Result<NodeCertificate> Read(string file, string? key)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(file, key ?? file);
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(file);

            // Windows cannot use a key for TLS that lives in memory only.
            return new NodeCertificate(file, X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), all);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new UserError(
                file,
                $"is no certificate that can be used ({e.Message.TrimEnd('.')}); name a PEM file, and its key with --certificate-key"
            );
        }
    }

    /// <summary>Whether a peer is let in.</summary>
    /// <param name="shown">What it shows; null if it shows nothing.</param>
    /// <returns>Why it is not; null if it is.</returns>
    public string? WhyNot(X509Certificate2? shown)
    {
        if (shown is null)
            return "it shows no certificate; start it with --certificate";
        DateTime now = DateTime.Now;
        if (now < shown.NotBefore || now > shown.NotAfter)
            return $"its certificate ({shown.Subject}) is valid from {shown.NotBefore:u} to {shown.NotAfter:u} only";
        if (shown.RawDataMemory.Span.SequenceEqual(Own.RawDataMemory.Span))
            return null;
        if (_authorities.Count == 0)
            return $"its certificate ({shown.Subject}) is another than {_file}, which names no authority";
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.ExtraStore.AddRange(_intermediates);
        return chain.Build(shown)
            ? null
            : $"its certificate ({shown.Subject}, issued by {shown.Issuer}) comes from none of the authorities in {_file}";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Own.Dispose();
        foreach (X509Certificate2 other in _authorities.Concat(_intermediates))
            other.Dispose();
    }
}
