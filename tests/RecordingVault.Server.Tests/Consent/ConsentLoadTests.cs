using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Consent;

/// <summary>A thousand people and ten thousand records, a hundredth of what the benchmark has: what is asked costs as many queries as with ten people.</summary>
public sealed class ConsentLoadTests(SharedVault shared)
{
    private const int Recordings = 100, People = 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gates_question_and_the_lists_take_as_many_queries_with_ten_thousand_records_as_with_a_hundred()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = await FillAsync(tenant);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        var one = await AskAsync(tenant, ids.Take(1));
        var page = await AskAsync(tenant, ids.Take(50));
        var path = $"/api/v1/recordings/{ids[Recordings / 2]}/consents?limit=20";
        await ListAsync(tenant, owner, path); // what is read once a token is read now
        var (first, cursor) = await ListAsync(tenant, owner, path);
        var (second, _) = await ListAsync(tenant, owner, $"{path}&cursor={cursor}");

        await using var scope = tenant.Enter();
        Assert.Equal(Recordings * People * 10, await scope.ServiceProvider.GetRequiredService<VaultDbContext>().ConsentRecords.CountAsync(Ct));
        Assert.Equal((5, 5), (one, page));
        Assert.Equal(first, second);
    }

    private async Task<int> AskAsync(TestTenant tenant, IEnumerable<Guid> ids)
    {
        // Counts from the scope's first command on: a context looks once a second only whether anybody listens.
        using var commands = new CommandCount(tenant.Id);
        await using var scope = tenant.Enter();
        var recordings = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.AsNoTracking().Where(recording => ids.Contains(recording.Id)).ToListAsync(Ct);
        var before = commands.Seen;
        var verdicts = await scope.ServiceProvider.GetRequiredService<ConsentQuestion>().AskAsync(recordings, Purpose.ShareExternal, Ct);
        Assert.All(verdicts.Values, verdict => Assert.Equal(ConsentVerdict.Objected, verdict));
        Assert.NotEqual(0, before);
        return commands.Seen - before;
    }

    private static async Task<(int Queries, string? Cursor)> ListAsync(TestTenant tenant, HttpClient client, string path)
    {
        using var commands = new CommandCount(tenant.Id);
        var page = await client.GetFromJsonAsync<JsonElement>(path, Ct);
        Assert.Equal(20, page.GetProperty("items").GetArrayLength());
        return (commands.Seen, page.GetProperty("nextCursor").GetString());
    }

    private static async Task<List<Guid>> FillAsync(TestTenant tenant)
    {
        var ids = new List<Guid>();
        for (var number = 0; number < Recordings; number++)
        {
            await using var scope = tenant.Enter();
            var (db, creation, ledger) = (
                scope.ServiceProvider.GetRequiredService<VaultDbContext>(), scope.ServiceProvider.GetRequiredService<RecordingCreation>(), scope.ServiceProvider.GetRequiredService<ConsentLedger>());
            await using var transaction = await db.Database.BeginTransactionAsync(Ct);
            using var seed = await creation.PrepareAsync(Ct);
            var people = Enumerable.Range(0, People).Select(person => new PersonRequest(string.Create(CultureInfo.InvariantCulture, $"Person {person} of {number}"), null)).ToList();
            var recording = await creation.AddAsync(seed, new NewRecording($"Call {number}", DateTimeOffset.UnixEpoch.AddDays(number), people), tenant.Owner.Id, Actor.System, Ct);
            await db.SaveChangesAsync(Ct);
            var participants = await db.Participants.Where(person => person.RecordingId == recording.Id).Select(person => person.Id).ToListAsync(Ct);
            using var key = await scope.ServiceProvider.GetRequiredService<TenantKeys>().RecordingKeyAsync(recording.Id, Ct);
            await ledger.AddAsync(recording.Id, key, [.. participants.SelectMany(person => ConsentWords.Recorded.Select(purpose => new NewConsent(person, purpose, ConsentStatus.Requested, ConsentMethod.Page)))], Actor.System, Ct);
            await db.SaveChangesAsync(Ct);
            await ledger.AddAsync(
                recording.Id, key,
                [.. participants.SelectMany(person => ConsentWords.Recorded.Take(3).Select(purpose => new NewConsent(person, purpose, ConsentStatus.Refused, ConsentMethod.Page)))], Actor.System, Ct);
            await db.SaveChangesAsync(Ct);
            await transaction.CommitAsync(Ct);
            ids.Add(recording.Id);
        }

        return ids;
    }
}
