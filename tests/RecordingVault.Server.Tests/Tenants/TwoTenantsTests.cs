using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Tests.Tenants;

/// <summary>P8, over every endpoint and every job that there is: the lists come from the running server, so a new one is walked without being named here.</summary>
public sealed class TwoTenantsTests(SharedVault shared)
{
    private readonly TestVault vault = shared.Vault;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_tenants_id_is_404_on_every_endpoint_and_nothing_of_it_changes()
    {
        var mine = await TestTenant.CreateAsync(vault, Ct);
        var theirs = await TestTenant.CreateAsync(vault, Ct);
        var ids = await ThingsOfAsync(mine);
        var before = await SnapshotAsync(mine.Id);
        var stranger = await theirs.ClientAsync(Role.Owner, Ct);

        var walked = 0;
        foreach (var (method, pattern) in EndpointsWithIds())
        {
            using var request = Request(method, pattern, ids);
            using var answer = await stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {pattern} answered {(int)answer.StatusCode} for another tenant's id");
            walked++;
        }

        Assert.True(walked >= 10, $"only {walked} endpoints were walked");
        Assert.Equal(before, await SnapshotAsync(mine.Id));
    }

    [Fact]
    public async Task Rows_of_two_tenants_may_share_an_id_and_each_sees_his_own()
    {
        var one = await TestTenant.CreateAsync(vault, Ct);
        var other = await TestTenant.CreateAsync(vault, Ct);
        var first = await one.ClientAsync(Role.Owner, Ct);
        var second = await other.ClientAsync(Role.Owner, Ct);
        var id = await CreateRecordingAsync(first, "Of the first");
        await PlantRecordingAsync(other.Id, id, "Of the second");

        Assert.Equal("Of the first", await TitleAsync(first, id));
        Assert.Equal("Of the second", await TitleAsync(second, id));

        using var changed = await second.PatchAsJsonAsync($"/api/v1/recordings/{id}", new { title = "Changed by the second" }, Ct);
        using var share = await second.PostAsJsonAsync($"/api/v1/recordings/{id}/shares", new { recipientName = "Ben" }, Ct);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.Created, share.StatusCode);
        Assert.Equal("Of the first", await TitleAsync(first, id));
        Assert.Empty((await first.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}/shares", Ct)).GetProperty("items").EnumerateArray());
        Assert.Single((await first.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Ct)).GetProperty("items").EnumerateArray());
        Assert.False(await one.HasEventAsync("recording.changed", id, Ct));
        Assert.True(await other.HasEventAsync("recording.changed", id, Ct));
    }

    [Fact]
    public async Task Every_tenant_job_with_another_tenants_id_changes_nothing()
    {
        var mine = await TestTenant.CreateAsync(vault, Ct);
        var theirs = await TestTenant.CreateAsync(vault, Ct);
        var ids = await ThingsOfAsync(mine);
        var before = (await SnapshotAsync(mine.Id), await SnapshotAsync(theirs.Id));
        var jobs = typeof(ITenantJob).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ITenantJob))).ToList();

        foreach (var job in jobs)
        {
            foreach (var id in ids.Values)
            {
                await using var scope = vault.Services.CreateAsyncScope();
                var runner = typeof(TenantJobRunner<>).MakeGenericType(job);
                await (Task)runner.GetMethod("RunAsync")!.Invoke(scope.ServiceProvider.GetRequiredService(runner), BindingFlags.DoNotWrapExceptions, null, [theirs.Id, id, Ct], null)!;
            }
        }

        Assert.NotEmpty(jobs);
        Assert.Equal(before, (await SnapshotAsync(mine.Id), await SnapshotAsync(theirs.Id)));
    }

    [Fact]
    public async Task A_row_of_another_tenant_can_t_be_saved()
    {
        var mine = await TestTenant.CreateAsync(vault, Ct);
        var theirs = await TestTenant.CreateAsync(vault, Ct);
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(mine.Id);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();

        db.Add(new Participant { TenantId = theirs.Id, Id = Guid.CreateVersion7(), RecordingId = Guid.CreateVersion7(), Name = default });

        await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(Ct));
    }

    private IEnumerable<(string Method, string Pattern)> EndpointsWithIds() =>
        from endpoint in vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = endpoint.RoutePattern.RawText ?? ""
        where pattern.Contains("{id", StringComparison.Ordinal) && !pattern.StartsWith("/s/", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        // Pages' forms take no token: they come in by cookie, and the cross-site guard stands before them.
        where method is not "OPTIONS"
        select (method, pattern);

    private static HttpRequestMessage Request(string method, string pattern, Dictionary<string, Guid> ids)
    {
        var parts = pattern.Split('/');
        var kind = parts[Array.FindIndex(parts, part => part.StartsWith("{id", StringComparison.Ordinal)) - 1];
        Assert.True(ids.ContainsKey(kind), $"Say here how a thing of \"{kind}\" is made, so that {method} {pattern} can be walked.");
        var path = string.Join('/', parts.Select(part => part.StartsWith("{id", StringComparison.Ordinal) ? ids[kind].ToString() : part.StartsWith('{') ? "x" : part));
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Offset", "0");
        if (kind == "uploads")
            request.Content = new ByteArrayContent([1, 2, 3]) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        else if (method is "POST" or "PATCH" or "PUT")
            request.Content = pattern.StartsWith("/api", StringComparison.Ordinal) ? JsonContent.Create(new { }) : new FormUrlEncodedContent([new("days", "1")]);
        return request;
    }

    private async Task<Dictionary<string, Guid>> ThingsOfAsync(TestTenant tenant)
    {
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        var recording = await CreateRecordingAsync(owner, "Session with Anna");
        var share = await IdOfAsync(await owner.PostAsJsonAsync($"/api/v1/recordings/{recording}/shares", new { }, Ct));
        var token = await TokenIdAsync(tenant.Id);
        using var creation = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads");
        creation.Headers.Add("Tus-Resumable", "1.0.0");
        creation.Headers.Add("Upload-Length", "1000");
        creation.Headers.Add("Upload-Metadata", "filename " + Convert.ToBase64String(Encoding.UTF8.GetBytes("walk.mp4")));
        using var created = await owner.SendAsync(creation, Ct);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var upload = Guid.Parse(created.Headers.Location!.ToString().Split('/')[^1]);
        return new Dictionary<string, Guid>(StringComparer.Ordinal) { ["recordings"] = recording, ["shares"] = share, ["tokens"] = token, ["uploads"] = upload };
    }

    private async Task<Guid> TokenIdAsync(Guid tenantId)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ApiTokens.Select(token => token.Id).FirstAsync(Ct);
    }

    /// <summary>Everything that walking could have changed, without the times of use.</summary>
    private async Task<string> SnapshotAsync(Guid tenantId)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var recordings = await db.Recordings.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.State }).ToListAsync(Ct);
        var shares = await db.Shares.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.StoppedAt }).ToListAsync(Ct);
        var uploads = await db.Uploads.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.Version, row.ReceivedBytes }).ToListAsync(Ct);
        var tokens = await db.ApiTokens.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.RevokedAt }).ToListAsync(Ct);
        var events = await db.AuditEvents.CountAsync(Ct);
        return JsonSerializer.Serialize(new { recordings, shares, uploads, tokens, events });
    }

    private async Task PlantRecordingAsync(Guid tenantId, Guid id, string title)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Enter(tenantId);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().NewRecordingKeyAsync(id, Ct);
        db.Recordings.Add(new Recording
        {
            TenantId = tenantId,
            Id = id,
            Title = SealedText.Seal(key, tenantId, id, Recording.TitleColumn, title),
            CreatedAt = TimeProvider.System.Now(),
            CreatedBy = Guid.CreateVersion7(),
        });
        await db.SaveChangesAsync(Ct);
    }

    private static async Task<Guid> CreateRecordingAsync(HttpClient client, string title) => await IdOfAsync(await client.PostAsJsonAsync("/api/v1/recordings", new { title }, Ct));

    private static async Task<Guid> IdOfAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetGuid();
        }
    }

    private static async Task<string?> TitleAsync(HttpClient client, Guid id) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{id}", Ct)).GetProperty("title").GetString();
}
