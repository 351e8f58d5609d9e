using System.IO.Pipelines;
using Akka.Actor;
using Rouser.Cluster.Serving;
using Rouser.Coordination;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// The sweep's files for the workers of the cluster: beside the orchestrator in charge, and gone with it. A worker
/// whose transfer breaks off with the orchestrator starts it again with the next.
/// </summary>
internal sealed class FilesActor : ReceiveActor
{
    /// <summary>How long a transfer may rest. A worker that is lost does not end its own.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly SweepService _service;
    private readonly SweepFiles _files;
    private readonly Dictionary<Guid, Upload> _uploads = [];

    /// <param name="service">The sweep, which says who holds a trial.</param>
    public FilesActor(SweepService service, SweepFiles files)
    {
        (_service, _files) = (service, files);
        Receive<FileMessage.Read>(m => ReadAsync(m).PipeTo(Sender, failure: _ => FileMessage.Part.None));
        Receive<FileMessage.Write>(OnWrite);
    }

    protected override void PostStop()
    {
        foreach (Upload upload in _uploads.Values)
            upload.Dispose();
    }

    private void OnWrite(FileMessage.Write part)
    {
        foreach ((Guid id, Upload old) in _uploads.Where(pair => pair.Value.IsOver).ToArray())
        {
            _uploads.Remove(id);
            old.Dispose();
        }
        if (!_uploads.TryGetValue(part.Transfer, out Upload? upload))
        {
            if (part.Offset != 0)
            {
                Sender.Tell(new FileMessage.Written(false));
                return;
            }
            _uploads.Add(
                part.Transfer,
                upload = new Upload(write => _files.StoreAsync(_service, part.Name, new WorkerId(part.Worker), write))
            );
        }
        upload
            .AddAsync(part)
            .PipeTo(Sender, success: taken => new FileMessage.Written(taken), failure: _ => new FileMessage.Written(false));
    }

    private async Task<FileMessage.Part> ReadAsync(FileMessage.Read wanted)
    {
        if (_files.PathOf(wanted.Name) is not { } path || !File.Exists(path))
            return FileMessage.Part.None;
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, options: FileOptions.Asynchronous);
        long length = RandomAccess.GetLength(file);
        if (wanted.Offset < 0 || wanted.Offset > length)
            return FileMessage.Part.None;
        byte[] bytes = new byte[Math.Min(FileMessage.MostBytes, length - wanted.Offset)];
        for (int read = 0; read < bytes.Length; )
        {
            int more = await RandomAccess.ReadAsync(file, bytes.AsMemory(read), wanted.Offset + read).ConfigureAwait(false);
            if (more == 0)
                return FileMessage.Part.None;
            read += more;
        }
        return new FileMessage.Part(length, File.GetLastWriteTimeUtc(path).Ticks, bytes);
    }

    /// <summary>
    /// A file on its way in: its parts go through a pipe into the store, which holds them back while the disk is
    /// busy.
    /// </summary>
    private sealed class Upload : IDisposable
    {
        private readonly Pipe _pipe = new();
        private readonly CancellationTokenSource _rest = new(LongestRest);
        private readonly Task<StoreRefusal?> _stored;
        private long _next;

        public Upload(Func<Func<Stream, Task>, Task<StoreRefusal?>> store)
        {
            _rest.Token.Register(() => _pipe.Writer.Complete(new IOException("the transfer broke off")));
            _stored = store(stream => _pipe.Reader.CopyToAsync(stream));
        }

        /// <summary>Whether nothing more comes of it.</summary>
        public bool IsOver => _stored.IsCompleted;

        /// <summary>Takes the next part.</summary>
        /// <returns>Whether it is stored; of the last one, whether the file is.</returns>
        public async Task<bool> AddAsync(FileMessage.Write part)
        {
            if (part.Offset != _next || _next + part.Bytes.Length > SweepFiles.MostCheckpointBytes)
                return false;
            _rest.CancelAfter(LongestRest);
            _next += part.Bytes.Length;
            Task<FlushResult> written = _pipe.Writer.WriteAsync(part.Bytes).AsTask();

            // A store that refuses the file reads none of it.
            if (await Task.WhenAny(written, _stored).ConfigureAwait(false) == _stored)
                return false;
            if (!part.IsLast)
                return true;
            await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
            return await _stored.ConfigureAwait(false) is null;
        }

        public void Dispose()
        {
            if (!IsOver)
                _pipe.Writer.Complete(new IOException("the transfer broke off"));
            _rest.Dispose();
        }
    }
}
