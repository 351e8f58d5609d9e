using System.IO.Pipelines;
using Akka.Actor;
using Rouser.Cluster.Serving;
using Rouser.Coordination;

namespace Rouser.Cluster.AkkaNet;

/// <summary>
/// The orchestrator's files over the cluster, so that no other port has to be open and no folder shared: whichever
/// orchestrator is in charge gives and takes them, in parts (<see cref="FileMessage"/>).
/// </summary>
public sealed class NodeFiles : IOrchestratorFiles
{
    /// <summary>
    /// How long the answer to one part may take, and how often a part is asked for: a hand-over between orchestrators
    /// takes some 15 s.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MostTries = 6;

    private volatile IActorRef? _orchestrator;

    /// <inheritdoc/>
    public async Task<bool> FetchAsync(string name, Func<Stream, Task> take, CancellationToken stop)
    {
        if (await ReadAsync(name, 0, stop).ConfigureAwait(false) is not { Length: >= 0 } first)
            return false;
        var pipe = new Pipe();
        Task<bool> filled = FillAsync(pipe.Writer, name, first, stop);
        try
        {
            await take(pipe.Reader.AsStream()).ConfigureAwait(false);
            return await filled.ConfigureAwait(false);
        }
        catch (IOException) when (filled.IsCompleted)
        {
            return false;
        }
        finally
        {
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> StoreAsync(string name, WorkerId worker, Func<Stream> open, CancellationToken stop)
    {
        using Stream content = open();
        var transfer = Guid.NewGuid();
        byte[] buffer = new byte[FileMessage.MostBytes];
        while (true)
        {
            long offset = content.Position;
            int read = await content
                .ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop)
                .ConfigureAwait(false);
            bool isLast = content.Position == content.Length;
            var part = new FileMessage.Write(transfer, name, worker.Value, offset, isLast, buffer[..read]);
            if (await AskAsync<FileMessage.Written>(part, stop).ConfigureAwait(false) is not { IsTaken: true })
                return false;
            if (isLast)
                return true;
        }
    }

    /// <summary>From now on the orchestrator is reached by this actor: the proxy of a new actor system.</summary>
    internal void SetOrchestrator(IActorRef orchestrator) => _orchestrator = orchestrator;

    private async Task<bool> FillAsync(PipeWriter to, string name, FileMessage.Part first, CancellationToken stop)
    {
        FileMessage.Part? part = first;
        for (long offset = 0; part is not null && part.Version == first.Version && part.Length == first.Length; )
        {
            FlushResult flushed = await to.WriteAsync(part.Bytes, stop).ConfigureAwait(false);
            offset += part.Bytes.Length;
            if (offset == first.Length || flushed.IsCompleted)
            {
                await to.CompleteAsync().ConfigureAwait(false);
                return offset == first.Length;
            }
            part = await ReadAsync(name, offset, stop).ConfigureAwait(false);
        }
        await to.CompleteAsync(new IOException("the transfer broke off")).ConfigureAwait(false);
        return false;
    }

    private async Task<FileMessage.Part?> ReadAsync(string name, long offset, CancellationToken stop)
    {
        for (int tries = 0; tries < MostTries && !stop.IsCancellationRequested; tries++)
        {
            if (await AskAsync<FileMessage.Part>(new FileMessage.Read(name, offset), stop).ConfigureAwait(false) is { } part)
                return part;
        }
        return null;
    }

    /// <returns>The answer; null if none came, and another may.</returns>
    private async Task<T?> AskAsync<T>(FileMessage message, CancellationToken stop)
        where T : FileMessage
    {
        try
        {
            if (_orchestrator is { } orchestrator)
                return await orchestrator.Ask<T>(message, Patience, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException && !stop.IsCancellationRequested) { }
        return null;
    }
}
