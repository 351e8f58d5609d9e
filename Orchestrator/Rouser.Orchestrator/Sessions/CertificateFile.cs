using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rouser.Core;

namespace Rouser.Orchestrator.Sessions;

/// <summary>Certificates for HTTPS, from PEM files.</summary>
internal static class CertificateFile
{
    /// <summary>The orchestrator's own, with its private key.</summary>
    /// <param name="certificate">The file of the certificate; null for none.</param>
    /// <param name="key">The file of its key; null if it stands in the same file.</param>
    public static Result<X509Certificate2?> Own(string? certificate, string? key) =>
        Read(
            certificate,
            path =>
            {
                using var pem = X509Certificate2.CreateFromPemFile(path, key ?? path);
                // Windows cannot use a key for TLS that lives in memory only.
                return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            }
        );

    /// <summary>The one that vouches for an orchestrator's.</summary>
    public static Result<X509Certificate2?> Authority(string? certificate) =>
        Read(certificate, path => X509Certificate2.CreateFromPem(File.ReadAllText(path)));

    private static Result<X509Certificate2?> Read(string? path, Func<string, X509Certificate2> read)
    {
        if (path is null)
            return (X509Certificate2?)null;
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new UserError(
                path,
                $"is no certificate that can be used ({e.Message.TrimEnd('.')}); name a PEM file, and its key with --certificate-key"
            );
        }
    }
}
