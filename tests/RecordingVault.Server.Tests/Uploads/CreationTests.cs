using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Uploads;

public sealed class CreationTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_creation_makes_upload_and_recording_and_says_where_both_are()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Contributor, Ct);

        using var answer = await tus.CreateAsync(10_000_000_000, Metadata(("filename", "Team call.mp4"), ("participants", """[{"name":"Ana","email":"ana@example.com"},{"name":"Ben"}]"""), ("recordedAt", "2026-11-20T09:00:00+01:00")), Ct);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var address = answer.Headers.Location!.OriginalString;
        Assert.StartsWith("/api/v1/uploads/", address, StringComparison.Ordinal);
        var recording = await tus.Http.GetFromJsonAsync<JsonElement>(answer.Headers.GetValues("Vault-Recording").Single(), Ct);
        Assert.Equal("Team call", recording.GetProperty("title").GetString());
        Assert.Equal("receiving", recording.GetProperty("state").GetString());
        Assert.Equal(["Ana", "Ben"], recording.GetProperty("participants").EnumerateArray().Select(person => person.GetProperty("name").GetString()));
        Assert.Equal(DateTimeOffset.Parse("2026-11-20T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture), recording.GetProperty("recordedAt").GetDateTimeOffset());
        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
        Assert.True(await tenant.HasEventAsync("upload.created", TusClient.IdOf(address), Ct));
        Assert.True(await tenant.HasEventAsync("recording.created", TusClient.RecordingOf(answer), Ct));
    }

    [Fact]
    public async Task A_viewer_may_not_begin_one()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Viewer, Ct);

        using var answer = await tus.CreateAsync(100, null, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_recording_of_another_tenant_is_not_there()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var other = await TestTenant.CreateAsync(shared.Vault, Ct);
        var stranger = await TusClient.OfAsync(other, Role.Owner, Ct);
        var (_, recording) = await stranger.BeginAsync(10, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        using var answer = await tus.CreateAsync(100, Metadata(("recording", $"{recording}")), Ct);

        Assert.Equal("not-found", await TusClient.SlugAsync(answer, 404, Ct));
    }

    [Fact]
    public async Task An_upload_into_an_existing_recording_makes_no_other()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (_, recording) = await tus.BeginAsync(10, Ct);

        using var answer = await tus.CreateAsync(100, Metadata(("recording", $"{recording}"), ("role", "audio")), Ct);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(recording, TusClient.RecordingOf(answer));
        Assert.Equal(1, await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Recordings.CountAsync(Ct)));
    }

    [Fact]
    public async Task An_empty_file_is_finished_at_its_creation()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        var (address, recording) = await tus.BeginAsync(0, Ct);

        Assert.Equal(0, await tus.OffsetAsync(address, Ct));
        Assert.Empty(await new VaultView(shared.Vault, tenant.Id).ContentAsync(recording));
        Assert.True(await tenant.HasEventAsync("upload.finished", TusClient.IdOf(address), Ct));
    }

    [Fact]
    public async Task A_creation_may_bring_the_whole_file()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var bytes = Footage.Make(100_000);

        using var answer = await tus.CreateAsync(bytes.Length, null, Ct, bytes);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(bytes.Length, TusClient.OffsetOf(answer));
        Assert.Equal(bytes, await new VaultView(shared.Vault, tenant.Id).ContentAsync(TusClient.RecordingOf(answer)));
    }

    [Fact]
    public async Task A_creation_with_bytes_of_another_type_makes_nothing()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var request = TusClient.Request(HttpMethod.Post, Tus.Root);
        request.Headers.Add("Upload-Length", "2");
        request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal("part-type", await TusClient.SlugAsync(answer, 415, Ct));
        Assert.Equal(0, await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Recordings.CountAsync(Ct)));
    }

    [Fact]
    public async Task A_part_of_a_concatenation_is_refused_with_the_reason()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var request = TusClient.Request(HttpMethod.Post, Tus.Root);
        request.Headers.Add("Upload-Length", "100");
        request.Headers.Add("Upload-Concat", "partial");

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal("no-concatenation", await TusClient.SlugAsync(answer, 400, Ct));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("-1", null)]
    [InlineData("1e3", null)]
    [InlineData(" 12x", null)]
    [InlineData("99999999999999999999", null)]
    [InlineData("10", "1")]
    [InlineData(null, "0")]
    public async Task A_length_that_says_nothing_is_400(string? length, string? deferred)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var request = TusClient.Request(HttpMethod.Post, Tus.Root);
        if (length is not null)
            request.Headers.TryAddWithoutValidation("Upload-Length", length);
        if (deferred is not null)
            request.Headers.Add("Upload-Defer-Length", deferred);

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal("invalid", await TusClient.SlugAsync(answer, 400, Ct));
    }

    [Fact]
    public async Task Longer_than_the_vault_takes_is_413()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        using var answer = await tus.CreateAsync(274_877_906_945, null, Ct);

        Assert.Equal("upload-too-long", await TusClient.SlugAsync(answer, 413, Ct));
    }

    [Theory]
    [InlineData("participants", "not json")]
    [InlineData("participants", """[{"name":""}]""")]
    [InlineData("participants", """[{"email":"ana@example.com"}]""")]
    [InlineData("participants", """[{"name":"Ana","role":"host"}]""")]
    [InlineData("recordedAt", "yesterday")]
    [InlineData("recordedAt", "2026-11-20T09:00:00")]
    [InlineData("recording", "17")]
    [InlineData("role", "film")]
    [InlineData("tag", "all")]
    [InlineData("label", "secret")]
    [InlineData("retention", "ten years")]
    [InlineData("retention", "P300Y")]
    [InlineData("title", " ")]
    [InlineData("filename", "a\u0007.mp4")]
    [InlineData("colour", "red")]
    public async Task Metadata_that_is_wrong_is_400_and_named(string key, string value)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        using var answer = await tus.CreateAsync(100, Metadata((key, value)), Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.StartsWith(key, problem.GetProperty("field").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await new VaultView(shared.Vault, tenant.Id).RowsAsync(db => db.Uploads.CountAsync(Ct)));
    }

    [Theory]
    [InlineData("filename ###")]
    [InlineData("filename YQ==,filename YQ==")]
    [InlineData("filename gA==")]
    [InlineData("filename YQ== YQ==")]
    [InlineData(",")]
    public async Task A_metadata_line_that_is_malformed_is_400(string line)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        using var request = TusClient.Request(HttpMethod.Post, Tus.Root);
        request.Headers.Add("Upload-Length", "100");
        request.Headers.TryAddWithoutValidation("Upload-Metadata", line);

        using var answer = await tus.Http.SendAsync(request, Ct);

        Assert.Equal("invalid", await TusClient.SlugAsync(answer, 400, Ct));
    }

    [Fact]
    public async Task More_than_4_KiB_of_metadata_is_400()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);

        using var answer = await tus.CreateAsync(100, Metadata(("lastModified", new string('1', 3_100))), Ct);

        Assert.Equal("invalid", await TusClient.SlugAsync(answer, 400, Ct));
    }

    [Fact]
    public async Task The_65th_unfinished_upload_of_a_member_is_429_and_another_member_may_still_begin()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (_, recording) = await tus.BeginAsync(10, Ct);
        for (var i = 1; i < 64; i++)
            await tus.BeginAsync(10, Ct, Metadata(("recording", $"{recording}")));

        using var answer = await tus.CreateAsync(10, null, Ct);
        var colleague = await TusClient.OfAsync(tenant, Role.Admin, Ct);
        using var other = await colleague.CreateAsync(10, null, Ct);

        Assert.Equal("too-many-uploads", await TusClient.SlugAsync(answer, 429, Ct));
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
    }

    [Fact]
    public async Task The_key_lies_in_the_store_before_its_transaction_begins()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var keys = new List<int>();
        int Keys() => Directory.EnumerateFiles(Path.Combine(shared.Vault.DataDirectory, "store", "t", $"{tenant.Id}", "r"), "*", SearchOption.AllDirectories).Count(path => path.Contains("/key/", StringComparison.Ordinal));
        await tus.BeginAsync(10, Ct);
        // Its card is written in transactions of its own, a moment later.
        Assert.True(await new VaultView(shared.Vault, tenant.Id).ComesTrueAsync(db => db.Recordings.AllAsync(recording => recording.CardVersion == recording.Version, Ct), TimeSpan.FromSeconds(30)));
        var before = Keys();

        using (DatabaseEvents.WhenTransactionStarted(tenant.Id, _ => keys.Add(Keys())))
            await tus.BeginAsync(10, Ct);

        // One writer at a time: a transaction that waits for the disk would hold up all the others.
        Assert.Contains(before + 1, keys);
        Assert.DoesNotContain(before, keys);
    }

    private static Dictionary<string, string> Metadata(params (string Key, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
