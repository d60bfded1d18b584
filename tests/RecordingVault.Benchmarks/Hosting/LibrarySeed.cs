using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Commands;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;

namespace RecordingVault.Benchmarks.Hosting;

/// <summary>Fills the one tenant of a vault with recordings up to a number, by the services that an upload uses; they have no film.</summary>
internal static class LibrarySeed
{
    private const int BatchLength = 500;

    private static readonly string[] s_subjects = ["Coaching", "Quarterly review", "Interview", "Stand-up", "Board meeting", "Onboarding", "Supervision", "Sales call"];
    private static readonly string[] s_names = ["Anna Keller", "Ben Okafor", "Claire Dubois", "David Nowak", "Emre Aydin", "Freya Lindqvist", "Giulia Conti", "Hugo Martins"];

    public static async Task<int> RunAsync(int wanted, int people)
    {
        await using var vault = await OpenedVault.OpenAsync(CancellationToken.None);
        var tenants = vault.Services.GetRequiredService<SystemScope>();
        var tenant = (await tenants.ListTenantsAsync(SystemReason.Provision, CancellationToken.None)).Single();
        for (var left = int.MaxValue; left > 0;)
        {
            await using var scope = tenants.Enter(tenant);
            var there = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.CountAsync();
            left = wanted - there;
            if (left > 0)
                await AddAsync(scope.ServiceProvider, there, Math.Min(left, BatchLength), people);
        }

        return 0;
    }

    private static async Task AddAsync(IServiceProvider services, int first, int count, int people)
    {
        var db = services.GetRequiredService<VaultDbContext>();
        var creation = services.GetRequiredService<RecordingCreation>();
        var member = await db.Memberships.Select(membership => membership.MemberId).FirstAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        for (var number = first; number < first + count; number++)
        {
            using var seed = await creation.PrepareAsync(CancellationToken.None);
            var title = string.Create(CultureInfo.InvariantCulture, $"{s_subjects[number % s_subjects.Length]} with {s_names[number / s_subjects.Length % s_names.Length]}, no. {number}");
            var at = new DateTimeOffset(2020, 1, 1, 9, 0, 0, TimeSpan.Zero).AddMinutes(30 * number);
            var recording = await creation.AddAsync(seed, new NewRecording(title, at, [.. Enumerable.Range(number, people).Select(person => new PersonRequest(string.Create(CultureInfo.InvariantCulture, $"{s_names[person % s_names.Length]}{(person < number + s_names.Length ? "" : $" {person}")}"), null))]), member, Actor.System, CancellationToken.None);
            recording.DurationSeconds = 600 + (number % 5_000);
            recording.Commit(new ManifestCommit(Guid.CreateVersion7(), 1, new byte[32]), 1_000_000 + number, at);
        }

        await db.SaveChangesAsync();
        // Without this a vault that has just been filled writes a card for each, an hour long, beside what is measured.
        await db.Recordings.Where(recording => recording.CardVersion == null).ExecuteUpdateAsync(set => set.SetProperty(recording => recording.CardVersion, recording => recording.Version));
        await transaction.CommitAsync();
    }
}
