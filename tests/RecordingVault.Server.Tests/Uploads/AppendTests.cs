using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Uploads;

/// <summary>PATCH: what is acknowledged is there, and what is refused leaves nothing.</summary>
public sealed class AppendTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_patch_that_ends_an_upload_answers_when_its_content_can_be_read()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var bytes = Footage.Make((2 * Footage.Segment) + 12_345);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);

        using var answer = await tus.PatchAsync(address, 0, bytes, Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(bytes.Length, TusClient.OffsetOf(answer));
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
        var shown = await tus.Http.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{recording}", Ct);
        Assert.Equal("ready", shown.GetProperty("state").GetString());
        Assert.Equal(bytes.Length, shown.GetProperty("sizeInBytes").GetInt64());
        Assert.Equal("video/mp4", shown.GetProperty("assets")[0].GetProperty("mediaType").GetString());
        Assert.True(await tenant.HasEventAsync("upload.finished", TusClient.IdOf(address), Ct));
        Assert.True(await tenant.HasEventAsync("manifest.committed", recording, Ct));
    }

    [Fact]
    public async Task Another_member_of_the_tenant_does_not_find_it_and_does_not_disturb_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100, Ct);
        var colleague = await TusClient.OfAsync(tenant, Role.Admin, Ct);

        using var head = await colleague.HeadAsync(address, Ct);
        using var patch = await colleague.PatchAsync(address, 0, Footage.Make(100), Ct);
        using var delete = await colleague.DeleteAsync(address, Ct);

        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal("not-found", await TusClient.SlugAsync(patch, 404, Ct));
        Assert.Equal("not-found", await TusClient.SlugAsync(delete, 404, Ct));
        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
    }

    [Fact]
    public async Task Another_tenant_does_not_find_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100, Ct);
        var stranger = await TusClient.OfAsync(other, Role.Owner, Ct);

        using var head = await stranger.HeadAsync(address, Ct);
        using var patch = await stranger.PatchAsync(address, 0, Footage.Make(100), Ct);
        using var delete = await stranger.DeleteAsync(address, Ct);

        Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
        Assert.Equal("not-found", await TusClient.SlugAsync(patch, 404, Ct));
        Assert.Equal("not-found", await TusClient.SlugAsync(delete, 404, Ct));
    }

    [Fact]
    public async Task A_role_that_may_not_contribute_gets_403()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100, Ct);
        var viewer = await TusClient.OfAsync(tenant, Role.Viewer, Ct);

        using var head = await viewer.HeadAsync(address, Ct);
        using var patch = await viewer.PatchAsync(address, 0, Footage.Make(100), Ct);
        using var delete = await viewer.DeleteAsync(address, Ct);

        Assert.All([head, patch, delete], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
    }

    [Fact]
    public async Task Another_content_type_is_415()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, _) = await tus.BeginAsync(100, Ct);

        using var answer = await tus.PatchAsync(address, 0, new ByteArrayContent(Footage.Make(100)) { Headers = { ContentType = new MediaTypeHeaderValue("video/mp4") } }, Ct);

        Assert.Equal("part-type", await TusClient.SlugAsync(answer, 415, Ct));
    }

    [Fact]
    public async Task Another_offset_is_409_and_tells_the_true_one()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(10_000);
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct);
        await tus.AppendAsync(address, 0, bytes[..5_000], Ct);

        using var again = await tus.PatchAsync(address, 0, bytes[..5_000], Ct);
        using var beyond = await tus.PatchAsync(address, 6_000, bytes[6_000..], Ct);

        Assert.Equal("offset-mismatch", await TusClient.SlugAsync(again, 409, Ct));
        Assert.Equal(5_000, TusClient.OffsetOf(again));
        Assert.Equal("offset-mismatch", await TusClient.SlugAsync(beyond, 409, Ct));
    }

    [Fact]
    public async Task More_bytes_than_are_missing_are_413_whether_their_number_was_told_or_not()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(10_001);
        var (address, _) = await tus.BeginAsync(10_000, Ct);

        using var told = await tus.PatchAsync(address, 0, bytes, Ct);
        using var untold = await tus.PatchAsync(address, 0, bytes, Ct, change: request => request.Headers.TransferEncodingChunked = true);

        Assert.Equal("part-too-long", await TusClient.SlugAsync(told, 413, Ct));
        Assert.Equal("part-too-long", await TusClient.SlugAsync(untold, 413, Ct));
        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
    }

    [Fact]
    public async Task What_a_part_leaves_over_is_kept_as_one_tail_and_joined_into_the_next_segment()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(Footage.Segment + 200_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        var view = new VaultView(shared.Vault, tenant.Id);

        await tus.AppendAsync(address, 0, bytes[..100_000], Ct);
        var first = Assert.Single(await view.ObjectsAsync(recording));
        await tus.AppendAsync(address, 100_000, bytes[100_000..300_000], Ct);
        var second = Assert.Single(await view.ObjectsAsync(recording));
        await tus.AppendAsync(address, 300_000, bytes[300_000..], Ct);

        Assert.NotEqual(first.ObjectId, second.ObjectId);
        var manifest = await view.ManifestAsync(recording);
        Assert.Equal([Footage.Segment, 200_000], manifest.Assets[0].Segments.Select(segment => segment.PlaintextLength));
        Assert.Equal(3, (await view.UploadedAsync(recording)).Count); // two segments and the manifest
        Assert.Equal(bytes, await view.ContentAsync(recording));
    }

    [Fact]
    public async Task A_deferred_length_is_told_later_and_once()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(20_000);
        var (address, recording) = await tus.BeginAsync(null, Ct);
        await tus.AppendAsync(address, 0, bytes, Ct);
        using var open = await tus.HeadAsync(address, Ct);

        using var less = await tus.PatchAsync(address, 20_000, [], Ct, change: request => request.Headers.Add("Upload-Length", "19999"));
        using var told = await tus.PatchAsync(address, 20_000, [], Ct, change: request => request.Headers.Add("Upload-Length", "20000"));

        Assert.Equal("1", open.Headers.GetValues("Upload-Defer-Length").Single());
        Assert.False(open.Headers.Contains("Upload-Length"));
        Assert.Equal("invalid", await TusClient.SlugAsync(less, 400, Ct));
        Assert.Equal(HttpStatusCode.NoContent, told.StatusCode);
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task A_finished_upload_still_tells_its_offset_and_takes_nothing_more()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(5_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
        await tus.AppendAsync(address, 0, bytes, Ct);

        using var empty = await tus.PatchAsync(address, bytes.Length, [], Ct);
        using var more = await tus.PatchAsync(address, bytes.Length, [1], Ct);
        using var delete = await tus.DeleteAsync(address, Ct);

        Assert.Equal(bytes.Length, await tus.OffsetAsync(address, Ct));
        Assert.Equal(HttpStatusCode.NoContent, empty.StatusCode);
        Assert.Equal("part-too-long", await TusClient.SlugAsync(more, 413, Ct));
        Assert.Equal("upload-finished", await TusClient.SlugAsync(delete, 409, Ct));
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
    }

    [Fact]
    public async Task Head_echoes_length_metadata_and_expiry_and_is_not_stored()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["filename"] = "Gespräch.mp4", ["title"] = "Erstes Gespräch" };
        var (address, recording) = await tus.BeginAsync(10_000_000_000, Ct, metadata);

        using var answer = await tus.HeadAsync(address, Ct);

        Assert.Equal("10000000000", answer.Headers.GetValues("Upload-Length").Single());
        Assert.Equal(TusClient.Line(metadata), answer.Headers.GetValues("Upload-Metadata").Single());
        Assert.Equal($"/api/v1/recordings/{recording}", answer.Headers.GetValues("Vault-Recording").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var row = await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Uploads.AsNoTracking().SingleAsync(Ct));
        Assert.Equal(row.CreatedAt + TimeSpan.FromDays(7), row.ExpiresAt);
        Assert.Equal(row.ExpiresAt.ToString("R", System.Globalization.CultureInfo.InvariantCulture), answer.Headers.GetValues("Upload-Expires").Single());
        Assert.DoesNotContain("Gespr", System.Text.Encoding.UTF8.GetString(row.Metadata.Bytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_uploads_that_finish_in_one_recording_at_once_both_get_in()
    {
        const int Files = 6;
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (first, recording) = await tus.BeginAsync(50_000, Ct);
        var addresses = new List<string> { first };
        for (var i = 1; i < Files; i++)
            addresses.Add((await tus.BeginAsync(50_000, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" })).Address);

        await Task.WhenAll(addresses.Select((address, i) => tus.AppendAsync(address, 0, Footage.Make(50_000, i), Ct)));

        var view = new VaultView(shared.Vault, tenant.Id);
        var manifest = await view.ManifestAsync(recording);
        Assert.Equal(Files, manifest.Assets.Count(asset => asset.Role == ObjectRole.OriginalSegment));
        // Each was committed once, and so was what a job has made of some of them meanwhile.
        Assert.Equal(manifest.Assets.Count, manifest.Sequence);
        var contents = new List<byte[]>();
        for (var i = 0; i < Files; i++)
            contents.Add(await view.ContentAsync(recording, i));
        Assert.All(Enumerable.Range(0, Files), i => Assert.Contains(Footage.Make(50_000, i), contents));
        Assert.Equal(Files * 50_000, (await view.RecordingAsync(recording))!.SizeInBytes);
    }

    [Fact]
    public async Task Eight_uploads_at_once_come_out_as_they_went_in()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var view = new VaultView(shared.Vault, tenant.Id);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var bytes = Footage.Make(Footage.Segment + (i * 100_003), i);
            var (address, recording) = await tus.BeginAsync(bytes.Length, Ct);
            var offset = await tus.AppendAsync(address, 0, bytes[..(1_000_000 + i)], Ct);
            await tus.AppendAsync(address, offset, bytes[(int)offset..], Ct);
            Assert.Equal(bytes, await view.ContentAsync(recording));
        }));
    }

    [Fact]
    public async Task Roles_of_text_are_sealed_as_what_they_are()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (_, recording) = await tus.BeginAsync(10, Ct);

        await SendAsync(tus, recording, null, "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n");
        await SendAsync(tus, recording, "transcript", "Ana: Hello.\nBen: Hello.\n");
        await SendAsync(tus, recording, "chat", "10:00:01\tAna: a link\n");

        var manifest = await new VaultView(shared.Vault, tenant.Id).ManifestAsync(recording);
        Assert.Equal(
            [(ObjectRole.Captions, "text/vtt"), (ObjectRole.Transcript, "text/plain"), (ObjectRole.Chat, "text/plain")],
            // What a job makes of them meanwhile, for search, is none of them.
            manifest.Assets.Where(asset => asset.Role != ObjectRole.SearchWords).Select(asset => (asset.Role, asset.MediaType)));
    }

    /// <summary>In two parts, so that the first is sealed before its content can be judged.</summary>
    private static async Task SendAsync(TusClient tus, Guid recording, string? role, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" };
        if (role is not null)
            metadata["role"] = role;
        var (address, _) = await tus.BeginAsync(bytes.Length, Ct, metadata);
        await tus.AppendAsync(address, 0, bytes[..3], Ct);
        await tus.AppendAsync(address, 3, bytes[3..], Ct);
    }
}
