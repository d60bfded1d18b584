using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

public sealed class TerminationTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_ended_upload_leaves_no_segment_no_row_and_no_recording_that_it_made()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var bytes = Footage.Make(Footage.Segment + 1_000);
        var (address, recording) = await tus.BeginAsync(bytes.Length + 1, Ct);
        await tus.AppendAsync(address, 0, bytes, Ct);
        var view = new VaultView(shared.Vault, tenant.Id);

        using var answer = await tus.DeleteAsync(address, Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(await view.ObjectsAsync(recording));
        Assert.Null(await view.RecordingAsync(recording));
        Assert.Equal(0, await view.RowsAsync(async db => await db.Uploads.CountAsync(Ct) + await db.UploadSegments.CountAsync(Ct)));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(shared.Vault.DataDirectory, "store"), "*", SearchOption.AllDirectories), path => path.Contains($"{recording}", StringComparison.Ordinal));
        using var head = await tus.HeadAsync(address, Ct);
        using var patch = await tus.PatchAsync(address, bytes.Length, [1], Ct);
        using var again = await tus.DeleteAsync(address, Ct);
        Assert.Equal(HttpStatusCode.Gone, head.StatusCode);
        Assert.Equal("upload-ended", await TusClient.SlugAsync(patch, 410, Ct));
        Assert.Equal("upload-ended", await TusClient.SlugAsync(again, 410, Ct));
        Assert.True(await tenant.HasEventAsync("upload.ended", TusClient.IdOf(address), Ct));
        Assert.True(await tenant.HasEventAsync("recording.removed", recording, Ct));
    }

    [Fact]
    public async Task A_recording_that_holds_something_else_stays_when_an_upload_into_it_is_ended()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(50_000);
        var (address, recording) = await tus.BeginAsync(100_000, Ct);
        await tus.AppendAsync(address, 0, bytes, Ct);
        var (other, _) = await tus.BeginAsync(bytes.Length, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" });
        await tus.AppendAsync(other, 0, bytes, Ct);
        var view = new VaultView(shared.Vault, tenant.Id);

        using var answer = await tus.DeleteAsync(address, Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(2, (await view.UploadedAsync(recording)).Count); // one segment and its manifest
        Assert.Equal(bytes, await view.ContentAsync(recording));
    }

    [Fact]
    public async Task The_last_file_of_a_set_that_is_ended_takes_the_empty_recording_with_it_whichever_made_it()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Contributor, Ct);
        var (first, recording) = await tus.BeginAsync(100, Ct);
        var (second, _) = await tus.BeginAsync(100, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" });
        var (third, _) = await tus.BeginAsync(100, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" });
        var view = new VaultView(shared.Vault, tenant.Id);

        using var one = await tus.DeleteAsync(first, Ct);
        using var two = await tus.DeleteAsync(third, Ct);
        Assert.NotNull(await view.RecordingAsync(recording));
        using var three = await tus.DeleteAsync(second, Ct);

        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent], [one.StatusCode, two.StatusCode, three.StatusCode]);
        Assert.Null(await view.RecordingAsync(recording));
        Assert.Empty(await view.ObjectsAsync(recording));
        Assert.True(await tenant.HasEventAsync("recording.removed", recording, Ct));
    }

    [Fact]
    public async Task A_recording_that_somebody_made_before_stays()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var made = await tus.Http.PostAsJsonAsync("/api/v1/recordings", new { title = "Weekly" }, Ct);
        var recording = (await made.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        var (address, _) = await tus.BeginAsync(100, Ct, new Dictionary<string, string>(StringComparer.Ordinal) { ["recording"] = $"{recording}" });

        using var answer = await tus.DeleteAsync(address, Ct);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.NotNull(await new VaultView(shared.Vault, tenant.Id).RecordingAsync(recording));
    }
}
