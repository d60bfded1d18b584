using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>Two people change one recording at once: the second is told, and nothing of his change is kept.</summary>
public sealed class ChangedMeanwhileTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_is_answered_409()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Weekly" }, Ct);
        var address = made.Headers.Location!.OriginalString;
        using var browser = new TestBrowser(shared.Vault);
        using var _ = await browser.SignInAsync(tenant.Owner, Ct);
        using var rival = DatabaseEvents.WhenSaving(tenant.Id, ChangeFirst);

        using var byApi = await owner.PatchAsJsonAsync(address, new { title = "Mine" }, Ct);
        using var byForm = await browser.PostFormAsync($"/recordings/{address.Split('/')[^1]}/title", [("title", "Mine")], Ct, page: "/password");

        Assert.Equal("changed-meanwhile", await TusClient.SlugAsync(byApi, 409, Ct));
        Assert.Equal(409, (int)byForm.StatusCode);
        Assert.Contains("Weekly", await owner.GetStringAsync(address, Ct), StringComparison.Ordinal);
    }

    /// <summary>Whoever comes at the same moment waits for his turn; it is not for people to try again because a job was faster.</summary>
    [Fact]
    public async Task Changes_at_the_same_moment_come_one_after_another()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Weekly" }, Ct);
        var address = made.Headers.Location!.OriginalString;

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => owner.PatchAsJsonAsync(address, new { title = $"Weekly {number}" }, Ct)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    /// <summary>Changes each recording that is about to be saved, just before.</summary>
    private static void ChangeFirst(VaultDbContext db)
    {
        if (db.ChangeTracker.Entries<Recording>().FirstOrDefault(entry => entry.State == EntityState.Modified) is { Entity.Id: var id })
            db.Recordings.Where(row => row.Id == id).ExecuteUpdate(set => set.SetProperty(row => row.Version, row => row.Version + 100));
    }
}
