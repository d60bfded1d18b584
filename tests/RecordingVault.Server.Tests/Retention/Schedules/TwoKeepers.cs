using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Retention.Schedules;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Retention.Schedules;

/// <summary>An organisation with one recording that is here whole, an Owner who changes schedules and an Admin who decides.</summary>
internal sealed class TwoKeepers : IDisposable
{
    public const string Path = "/api/v1/retention/schedules";

    private readonly TestVault vault;

    private TwoKeepers(TestVault vault, TestTenant tenant, TestMember admin, Guid recording) => (this.vault, Tenant, Admin, Recording, Asker, Second) = (vault, tenant, admin, recording, new TestBrowser(vault), new TestBrowser(vault));

    public TestTenant Tenant { get; }

    public TestMember Admin { get; }

    public Guid Recording { get; }

    /// <summary>The Owner's.</summary>
    public TestBrowser Asker { get; }

    /// <summary>The Admin's.</summary>
    public TestBrowser Second { get; }

    public static async Task<TwoKeepers> MakeAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var tenant = await TestTenant.CreateAsync(vault, cancellationToken);
        var recording = (await StoredRecording.PutAsync(vault, tenant, 1_000, cancellationToken)).Id;
        var two = new TwoKeepers(vault, tenant, await tenant.AddAsync(Role.Admin, cancellationToken), recording);
        await two.SignInAsync(cancellationToken);
        return two;
    }

    public async Task SignInAsync(CancellationToken cancellationToken)
    {
        (await Asker.SignInAsync(Tenant.Owner, cancellationToken)).Dispose();
        (await Second.SignInAsync(Admin, cancellationToken)).Dispose();
    }

    public Task<HttpResponseMessage> PostAsync(object body, CancellationToken cancellationToken) => Asker.SendJsonAsync(HttpMethod.Post, Path, body, cancellationToken);

    public async Task<Guid> AddAsync(object body, CancellationToken cancellationToken)
    {
        using var made = await PostAsync(body, cancellationToken);
        Assert.True(made.StatusCode == System.Net.HttpStatusCode.Created, await made.Content.ReadAsStringAsync(cancellationToken));
        return (await made.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    public Task<HttpResponseMessage> ChangeAsync(Guid id, object body, CancellationToken cancellationToken) => Asker.SendJsonAsync(HttpMethod.Patch, $"{Path}/{id}", body, cancellationToken);

    /// <summary>The change that waits now.</summary>
    public async Task<Guid> LowerAsync(Guid id, object body, CancellationToken cancellationToken)
    {
        using var asked = await ChangeAsync(id, body, cancellationToken);
        Assert.True(asked.StatusCode == System.Net.HttpStatusCode.Accepted, await asked.Content.ReadAsStringAsync(cancellationToken));
        return (await asked.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("waiting").GetProperty("id").GetGuid();
    }

    public static Task<HttpResponseMessage> DecideAsync(TestBrowser by, Guid change, CancellationToken cancellationToken, string decision = "approve", string word = " The law changed. ") =>
        by.SendJsonAsync(HttpMethod.Post, $"/api/v1/retention/changes/{change}/decision", new { decision, word }, cancellationToken);

    public async Task<JsonElement> ReadAsync(string path, CancellationToken cancellationToken) => await (await Tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>(path, cancellationToken);

    public async Task<string?> StateAsync(Guid change, CancellationToken cancellationToken) => (await ReadAsync($"/api/v1/retention/changes/{change}", cancellationToken)).GetProperty("state").GetString();

    /// <summary>Follows the rules as the job does, and says in how many days from its meeting the recording goes; null where nothing says so.</summary>
    public async Task<double?> DaysAsync(CancellationToken cancellationToken)
    {
        await using var scope = Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<DateFollowing>().FollowAsync(cancellationToken);
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var (at, meeting) = (await db.RecordingDisposals.Where(row => row.RecordingId == Recording).Select(row => row.DisposeAt).SingleAsync(cancellationToken), await db.Recordings.Where(row => row.Id == Recording).Select(row => row.MeetingAt).SingleAsync(cancellationToken));
        return at is { } day ? (day - meeting).TotalDays : null;
    }

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await using var scope = Tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<ChangeEnding>().SweepAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string type, CancellationToken cancellationToken) =>
        [.. (await Tenant.EventsAsync(cancellationToken)).Where(line => line.GetProperty("type").GetString() == type)];

    public void Dispose()
    {
        Asker.Dispose();
        Second.Dispose();
    }
}
