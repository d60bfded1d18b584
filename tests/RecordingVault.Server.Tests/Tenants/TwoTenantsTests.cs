using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Uploads;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Server.Tests.Asking;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Tenants;

/// <summary>P8, over every endpoint and every job that there is: the lists come from the running server, so a new one is walked without being named here.</summary>
public sealed partial class TwoTenantsTests(SharedVault shared)
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
        using var stranger = await Asker.OfAsync(theirs, Ct);

        var walked = 0;
        foreach (var (method, pattern, inPerson) in EndpointsWithIds())
        {
            using var request = Request(method, pattern, ids);
            using var answer = await stranger.SendAsync(request, inPerson, Ct);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {pattern} answered {(int)answer.StatusCode} for another tenant's id");
            walked++;
        }

        Assert.True(walked >= 10, $"only {walked} endpoints were walked");
        Assert.Equal(before, await SnapshotAsync(mine.Id));
    }

    [Fact]
    public async Task With_the_same_ids_in_both_tenants_every_endpoint_changes_the_askers_own()
    {
        var mine = await TestTenant.CreateAsync(vault, Ct);
        var theirs = await TestTenant.CreateAsync(vault, Ct);
        var ids = await ThingsOfAsync(mine);
        await PlantAsync(theirs, ids);
        var before = await SnapshotAsync(mine.Id);
        var theirsBefore = await SnapshotAsync(theirs.Id);
        using var stranger = await Asker.OfAsync(theirs, Ct);

        var found = 0;
        // What ends a thing comes last, so that the others still find it.
        foreach (var (method, pattern, inPerson) in EndpointsWithIds().OrderBy(endpoint => endpoint.Method == "DELETE"))
        {
            using var request = Request(method, pattern, ids);
            using var answer = await stranger.SendAsync(request, inPerson, Ct);
            Assert.True((int)answer.StatusCode < 500, $"{method} {pattern} answered {(int)answer.StatusCode}");
            found += answer.IsSuccessStatusCode ? 1 : 0;
        }

        Assert.True(found >= 8, $"only {found} endpoints found the planted rows");
        Assert.Equal(before, await SnapshotAsync(mine.Id));
        Assert.NotEqual(theirsBefore, await SnapshotAsync(theirs.Id));
    }

    [Fact]
    public async Task A_visitor_of_one_tenants_link_gets_nothing_of_anothers()
    {
        var link = await SharedLink.MakeAsync(vault, Ct);
        var other = await SharedLink.MakeAsync(vault, Ct);
        var visitor = await Visitor.AtAsync(vault, other.Id, Ct);
        (await visitor.OpenAsync(other, Ct)).EnsureSuccessStatusCode();
        var before = await SnapshotAsync(link.Recording.Tenant.Id);

        var walked = 0;
        foreach (var (method, pattern, _) in Endpoints("/s/{id"))
        {
            var path = pattern.Replace("{id:guid}", link.Id.ToString(), StringComparison.Ordinal);
            using var answer = method == "POST" ? await visitor.PostAsync(path, new { secret = other.Secret, duration = 1 }, Ct) : await visitor.GetAsync(path, Ct);
            // The gate is the same page for every id, and leaving gives up a cookie: neither asks the database.
            var expected = (method, path[(path.LastIndexOf('/') + 1)..]) switch { ("GET", "") => HttpStatusCode.OK, ("POST", "leave") => HttpStatusCode.NoContent, _ => HttpStatusCode.NotFound };
            Assert.True(answer.StatusCode == expected, $"{method} {pattern} answered {(int)answer.StatusCode} for another tenant's link");
            walked++;
        }

        Assert.True(walked >= 7, $"only {walked} endpoints were walked");
        Assert.Equal(before, await SnapshotAsync(link.Recording.Tenant.Id));
    }

    [Fact]
    public async Task Somebody_whom_one_tenant_asks_gets_nothing_of_anothers()
    {
        var asked = await Asked.MakeAsync(vault, Ct, new { mayWatch = true });
        var other = await Asked.MakeAsync(vault, Ct, new { mayWatch = true });
        using var browser = await other.OpenedAsync(Ct);
        await CardsWrittenAsync(asked.Tenant.Id);
        var before = await SnapshotAsync(asked.Tenant.Id);

        var walked = 0;
        foreach (var (method, pattern, _) in Endpoints("/c/{id"))
        {
            var path = pattern.Replace("{id:guid}", asked.Id.ToString(), StringComparison.Ordinal);
            using var answer = method != "POST" ? await browser.GetAsync(path, Ct)
                : pattern.EndsWith("/answer", StringComparison.Ordinal) ? await Asked.AnswerAsync(browser, asked.Id, Ct, "keep")
                : await browser.SendJsonAsync(HttpMethod.Post, path, new { secret = other.Secret }, Ct, page: asked.Path);
            // The gate is the same page for every id, and asks the database nothing.
            var expected = (method, path[(path.LastIndexOf('/') + 1)..]) is ("GET", "") ? HttpStatusCode.OK : HttpStatusCode.NotFound;
            Assert.True(answer.StatusCode == expected, $"{method} {pattern} answered {(int)answer.StatusCode} for another tenant's question");
            walked++;
        }

        Assert.True(walked >= 7, $"only {walked} endpoints were walked");
        Assert.Equal(before, await SnapshotAsync(asked.Tenant.Id));
    }

    [Fact]
    public async Task Jobs_over_all_tenants_treat_rows_of_the_same_id_apart()
    {
        var mine = await TestTenant.CreateAsync(vault, Ct);
        var theirs = await TestTenant.CreateAsync(vault, Ct);
        var ids = await ThingsOfAsync(mine);
        await PlantAsync(theirs, ids, uploadExpired: true);
        var before = await SnapshotAsync(mine.Id);
        var jobs = typeof(ISystemJob).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISystemJob))).ToList();

        foreach (var job in jobs)
        {
            await using var scope = vault.Services.CreateAsyncScope();
            var runner = typeof(SystemJobRunner<>).MakeGenericType(job);
            await (Task)runner.GetMethod("RunAsync")!.Invoke(scope.ServiceProvider.GetRequiredService(runner), BindingFlags.DoNotWrapExceptions, null, [Ct], null)!;
        }

        Assert.True(jobs.Count >= 3, $"only {jobs.Count} jobs were run");
        Assert.Equal(before, await SnapshotAsync(mine.Id));
        Assert.DoesNotContain(ids["uploads"].ToString(), await SnapshotAsync(theirs.Id), StringComparison.Ordinal);
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

    /// <summary>What stands under these answers to a link's own cookie, and is walked with it: the last one in OwnRecordingsTests.</summary>
    private static readonly string[] s_links = ["/s/", "/c/", "/o/"];

    /// <summary>Every address with an id that a member asks, pages and their forms included: a bearer token opens those too.</summary>
    private IEnumerable<(string Method, string Pattern, bool InPerson)> EndpointsWithIds() => Endpoints("{id").Where(endpoint => !s_links.Any(link => endpoint.Pattern.StartsWith(link, StringComparison.Ordinal)));

    private IEnumerable<(string Method, string Pattern, bool InPerson)> Endpoints(string part) =>
        from endpoint in vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let pattern = endpoint.RoutePattern.RawText ?? ""
        where pattern.Contains(part, StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method is not "OPTIONS"
        select (method, pattern, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(asked => asked.Policy == Policies.InPerson));

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
