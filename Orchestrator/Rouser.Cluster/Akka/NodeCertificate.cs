using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote;
using Rouser.Core;

namespace Rouser.Cluster.Akka;

/// <summary>
/// The certificate that a node shows to every other, and asks every other for. Both ends check that the other's was issued by an authority that
/// their machine trusts.
/// </summary>
/// <param name="Path">A PKCS #12 file with the certificate and its private key.</param>
/// <param name="Password">Opens it; empty if it has none.</param>
public sealed record NodeCertificate(string Path, string Password)
{
    /// <summary>The first version of Akka.NET whose server asks clients for their certificates (CVE-2025-61778).</summary>
    internal static readonly Version FirstMutual = new(1, 5, 52);

    /// <summary>Reads a certificate, so that a wrong file or password is found before the node starts.</summary>
    public static Result<NodeCertificate> Read(string path, string password) => Read(path, password, typeof(RemoteSettings).Assembly.GetName().Version!);

    internal static Result<NodeCertificate> Read(string path, string password, Version akka)
    {
        if (akka < FirstMutual)
        {
            return new Mistake(
                "", $"this rouser was built with Akka.NET {akka.ToString(3)}, which lets in clients without a certificate; build it with -p:AkkaVersion={FirstMutual} or later");
        }
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            return certificate.HasPrivateKey ? new NodeCertificate(System.IO.Path.GetFullPath(path), password) : new Mistake(path, "holds no private key");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return new Mistake(path, $"is no certificate that can be opened ({error.Message.ReplaceLineEndings(" ").TrimEnd('.')})");
        }
    }
}
