using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>An authority that issues certificates, as a site has one.</summary>
internal sealed class TestAuthority
{
    private readonly X509Certificate2 _own;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name} authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The authority's certificate, in PEM.</summary>
    public string Pem => _own.ExportCertificatePem();

    /// <summary>
    /// A node's certificate with its private key and this authority's certificate, as <c>--certificate</c> takes it.
    /// </summary>
    /// <param name="name">The node's name.</param>
    /// <param name="days">For how long it is valid; 0 for one that is so no more.</param>
    public string Issue(string name, int days = 10) => $"{Issue(name, null, days, out string key)}\n{key}\n{Pem}\n";

    /// <summary>A server's certificate, which names its address.</summary>
    public string IssueFor(IPAddress address, out string key) => Issue("server", address, 10, out key);

    private string Issue(string name, IPAddress? address, int days, out string keyPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7f;
        keyPem = key.ExportPkcs8PrivateKeyPem();
        using X509Certificate2 issued = request.Create(
            _own,
            _own.NotBefore,
            DateTimeOffset.UtcNow.AddDays(days).AddHours(-1),
            serial
        );
        return issued.ExportCertificatePem();
    }
}

/// <summary>PEM files of a test.</summary>
internal static class TestCertificates
{
    /// <summary>Writes one.</summary>
    /// <returns>The file.</returns>
    public static string Write(string file, string pem)
    {
        File.WriteAllText(file, pem);
        return file;
    }

    /// <summary>
    /// A certificate that vouches for itself, with its key: the one file that all nodes of a small cluster may share.
    /// </summary>
    public static string SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 own = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(10)
        );
        return $"{own.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}
