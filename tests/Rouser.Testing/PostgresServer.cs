using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rouser.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own, on loopback, with its data in a temporary folder; started when it is first
/// asked for.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>The user of the tests, and the password, which must never be seen in a message.</summary>
    public const string User = "tester",
        Password = "o'pen s3same/äß@";

    private static readonly string? Programs = FindPrograms();

    private readonly Lock _gate = new();
    private string? _folder;
    private int _port;

    /// <summary>Why the tests that need it are skipped; null if they are not.</summary>
    public static string? WhyNot => Programs is null ? "PostgreSQL (initdb and pg_ctl) is not installed" : null;

    /// <summary>The address of the server's database, password included.</summary>
    public string Address
    {
        get
        {
            lock (_gate)
            {
                if (_folder is null)
                    Start();
            }
            return $"postgres://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{_port}/postgres";
        }
    }

    public void Dispose()
    {
        if (_folder is null)
            return;
        Run("pg_ctl", "stop", "-D", Data, "-m", "immediate", "-w");
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder!, "data");

    private void Start()
    {
        _folder = Directory.CreateTempSubdirectory("rouser-postgres-").FullName;
        using (TcpListener probe = new(IPAddress.Loopback, 0))
        {
            probe.Start();
            _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        string password = Path.Combine(_folder, "password");
        File.WriteAllText(password, Password + "\n");
        // The server refuses to run as root, which a container's tests often are.
        if (Environment.IsPrivilegedProcess)
            Start("chown", "-R", "postgres", _folder);
        Run(
            "initdb",
            "-D",
            Data,
            "-U",
            User,
            "--pwfile",
            password,
            "-A",
            "scram-sha-256",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync"
        );
        // What survives a power cut is not the question here.
        Run(
            "pg_ctl",
            "start",
            "-D",
            Data,
            "-w",
            "-l",
            Path.Combine(_folder, "log"),
            "-o",
            $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        );
    }

    private static void Run(string program, params string[] arguments)
    {
        string path = Path.Combine(Programs!, program);
        if (Environment.IsPrivilegedProcess)
            Start("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else
            Start(path, arguments);
    }

    private static void Start(string program, params string[] arguments)
    {
        // The server inherits the streams, so that reading them to their end would wait for it.
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = "/" };
        using Process process = Process.Start(start)!;
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(5)), $"{program} does not end");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }

    private static string? FindPrograms()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries
        );
        // Where Debian puts what it does not put into the path.
        string[] installed = Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.GetDirectories("/usr/lib/postgresql").Order().Select(v => Path.Combine(v, "bin"))]
            : [];
        return path.Concat(installed)
            .LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}

/// <summary>
/// A test that needs a PostgreSQL server; skipped, with a line that says so, where none is installed.
/// </summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>Skips the test if there is none.</summary>
    public PostgresFactAttribute() => Skip = PostgresServer.WhyNot;
}
