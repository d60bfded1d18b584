using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RecordingVault.Benchmarks.Hosting;
using RecordingVault.Benchmarks.Loopback;
using RecordingVault.Benchmarks.Measuring;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>A server that was started for a suite, on a free loopback port. Disposing ends it and its children and no other.</summary>
internal sealed class MeasuredServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly BlockingCollection<string> counters = [];
    private readonly ConcurrentQueue<string> output = new();

    private MeasuredServer(Process process, int port)
    {
        (this.process, Port) = (process, port);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    public int ProcessId => process.Id;

    public double ProcessorSeconds => ProcessReading.ProcessorSeconds(process.Id);

    /// <param name="readyPath">Answers 200 when the server is ready; null: it is when it takes connections.</param>
    public static async Task<MeasuredServer> StartAsync(ProcessStartInfo start, int port, string? readyPath, CancellationToken cancellationToken)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var server = new MeasuredServer(Process.Start(start)!, port);
        var began = Stopwatch.GetTimestamp();
        while (!IsReady(port, readyPath))
        {
            if (server.process.HasExited || Stopwatch.GetElapsedTime(began) > StartLimit)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not start:\n{string.Join('\n', server.output)}");
            }

            await Task.Delay(2, cancellationToken);
        }

        return server;
    }

    /// <summary>Below the ports that the system gives to clients: asking one of those for readiness may end up connected to itself.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }

    /// <summary>Bytes allocated and full collections so far, of a <see cref="MeasuredHost"/>.</summary>
    public (long Allocated, int FullCollections) Counters(CancellationToken cancellationToken)
    {
        process.StandardInput.WriteLine();
        process.StandardInput.Flush();
        var told = counters.Take(cancellationToken).Split(' ');
        return (long.Parse(told[1], CultureInfo.InvariantCulture), int.Parse(told[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Returns when the server has done what it does after an answer (jobs), so that the next measure has the machine alone.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        for (var (before, quiet) = (ProcessorSeconds, 0); quiet < 2;)
        {
            await Task.Delay(300, cancellationToken);
            var now = ProcessorSeconds;
            quiet = now - before < 0.03 ? quiet + 1 : 0;
            before = now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        counters.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        if (line.StartsWith(MeasuredHost.CountersMark, StringComparison.Ordinal))
            counters.Add(line);
        else
            output.Enqueue(line);
    }

    private static bool IsReady(int port, string? path)
    {
        try
        {
            using var connection = new Connection(port);
            return path is null || connection.Ask(Requests.Get(port, path)).Status == 200;
        }
        catch (Exception notYet) when (notYet is SocketException or InvalidOperationException)
        {
            return false;
        }
    }
}
