using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Processing.Sandbox;

/// <summary>
/// Answers ranges of one asset through a socket in the file system, for as long as it lives: a probe asks three times or more. It is a server of its own and
/// no route of the vault, so whoever has taken over the tool can ask for this asset and for nothing else.
/// </summary>
internal sealed class AssetSource : IAsyncDisposable
{
    /// <summary>Where the tools find it, on the sandbox's own loopback.</summary>
    public static readonly Uri Address = new("http://127.0.0.1:8000/media");

    private readonly WebApplication server;
    private readonly AssetReader asset;
    private long furthest;
    private SealedFormatException? damage;

    private AssetSource(WebApplication server, AssetReader asset) => (this.server, this.asset) = (server, asset);

    /// <summary>Whether anybody asked: a run that fails without it failed before the tool began.</summary>
    public bool WasAsked => Interlocked.Read(ref furthest) > 0;

    /// <summary>How far a run that reads from the beginning to the end has come, 0 to 1.</summary>
    public double Progress => asset.Length == 0 ? 1 : (double)Interlocked.Read(ref furthest) / asset.Length;

    /// <summary>What was found while reading: then a run's failure is the store's and not the file's.</summary>
    public SealedFormatException? Damage => Volatile.Read(ref damage);

    public static async Task<AssetSource> StartAsync(AssetReader asset, string socket, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var source = new AssetSource(app, asset);
        app.Run(source.AnswerAsync);
        await app.StartAsync(cancellationToken);
        return source;
    }

    /// <summary>For the next run.</summary>
    public void ForgetProgress() => Interlocked.Exchange(ref furthest, 0);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await server.StopAsync(now.Token);
        await server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        if (request.Path != Address.AbsolutePath || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.Headers.AcceptRanges = "bytes";
        if (!TryRange(request.Headers.Range.ToString(), out var offset, out var length))
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{asset.Length}");
            return;
        }

        if (length < asset.Length)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{asset.Length}");
        }

        response.ContentLength = length;
        if (HttpMethods.IsHead(request.Method))
            return;
        try
        {
            await CopyAsync(offset, length, response.BodyWriter, http.RequestAborted);
        }
        catch (SealedFormatException found)
        {
            Interlocked.CompareExchange(ref damage, found, null);
            http.Abort();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionResetException)
        {
            // ffmpeg opens the whole, reads what it needs and hangs up: that is how it seeks.
            http.Abort();
        }
    }

    private async Task CopyAsync(long offset, long length, PipeWriter body, CancellationToken cancellationToken)
    {
        await using var range = await asset.OpenRangeAsync(offset, length, cancellationToken);
        var at = offset;
        await range.CopyToAsync(body, count => Note(at += count), cancellationToken);
    }

    private void Note(long at)
    {
        for (var seen = Interlocked.Read(ref furthest); at > seen; seen = Interlocked.Read(ref furthest))
            Interlocked.CompareExchange(ref furthest, at, seen);
    }

    /// <summary>One range or none; the tools ask for nothing else.</summary>
    private bool TryRange(string header, out long offset, out long length)
    {
        (offset, length) = (0, asset.Length);
        if (header.Length == 0)
            return true;
        if (!RangeHeaderValue.TryParse(header, out var ranges) || ranges.Unit != "bytes" || ranges.Ranges is not { Count: 1 })
            return false;
        var range = ranges.Ranges.Single();
        if (range.From is not { } from)
        {
            length = Math.Min(range.To ?? 0, asset.Length);
            offset = asset.Length - length;
            return length > 0;
        }

        if (from >= asset.Length)
            return false;
        offset = from;
        length = Math.Min(range.To ?? long.MaxValue, asset.Length - 1) - from + 1;
        return length > 0;
    }
}
