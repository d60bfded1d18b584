using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Vault;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Benchmarks.Hosting;

/// <summary>
/// The baseline: the same listeners and the same folder store, so that files are as durable, and the bytes in clear. No database, no log, no sign-in.
/// It is a part of the benchmarks and never of the product.
/// </summary>
internal static class PlainServer
{
    private const int ReadLength = 64 * 1024;
    private const int FlushLength = 512 * 1024;

    public static async Task<int> RunAsync(string folder, string film)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.AddVaultListeners();
        await using var app = builder.Build();
        var intake = new PlainIntake(FolderObjectStore.Open(folder));

        app.MapGet("/health/ready", () => TypedResults.Text("ready"));
        app.MapGet("/film", () => Results.File(film, "video/mp4", enableRangeProcessing: true));
        app.MapGet("/pipe", (HttpContext http, CancellationToken cancellationToken) => SendAsync(film, http.Response, cancellationToken));
        app.MapPost("/uploads", () => Results.Created($"/uploads/{Guid.CreateVersion7()}", null));
        app.MapPatch("/uploads/{id:guid}", async (Guid id, HttpContext http, CancellationToken cancellationToken) =>
        {
            http.Response.Headers["Upload-Offset"] = (await intake.ReceiveAsync(id, http.Request.BodyReader, cancellationToken)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Results.NoContent();
        }).WithMetadata(new DisableRequestSizeLimitAttribute());

        await app.RunAsync();
        return 0;
    }

    /// <summary>Plain bytes by the way that the vault sends opened ones: straight into the response's pipe, as much at a time and flushed in the same steps. The vault's floor without its cipher.</summary>
    private static async Task SendAsync(string film, HttpResponse response, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(film);
        var length = RandomAccess.GetLength(file);
        response.ContentLength = length;
        var writer = response.BodyWriter;
        var unflushed = 0;
        for (long offset = 0; offset < length;)
        {
            var room = writer.GetMemory(ReadLength);
            var count = RandomAccess.Read(file, room.Span[..ReadLength], offset);
            writer.Advance(count);
            offset += count;
            unflushed += count;
            if (unflushed < FlushLength)
                continue;
            await writer.FlushAsync(cancellationToken);
            unflushed = 0;
        }

        await writer.FlushAsync(cancellationToken);
    }
}

/// <summary>Takes a body into files of 4 MiB as the vault does: one fills while the one before it is written and flushed.</summary>
internal sealed class PlainIntake(FolderObjectStore store)
{
    private const int PartLength = 4 * 1024 * 1024;

    private readonly PinnedPool rooms = new(PartLength, maxIdle: 16);

    public async Task<long> ReceiveAsync(Guid id, PipeReader body, CancellationToken cancellationToken)
    {
        var (filling, storing) = (rooms.Rent(), Task.CompletedTask);
        var (filled, parts) = (0, 0);
        long position = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            foreach (var block in read.Buffer)
            {
                for (var rest = block; !rest.IsEmpty;)
                {
                    var count = Math.Min(rest.Length, PartLength - filled);
                    rest.Span[..count].CopyTo(filling.AsSpan(filled));
                    rest = rest[count..];
                    filled += count;
                    position += count;
                    if (filled < PartLength)
                        continue;
                    await storing;
                    storing = PutAsync(id, parts++, filling, filled);
                    (filling, filled) = (rooms.Rent(), 0);
                }
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        await storing;
        await PutAsync(id, parts, filling, filled);
        return position;
    }

    private async Task PutAsync(Guid id, int part, byte[] room, int length)
    {
        if (length > 0)
            await store.PutAsync(ObjectName.Parse($"plain/{id}/{part:d5}"), room.AsMemory(0, length), CancellationToken.None);
        rooms.Return(room);
    }
}
