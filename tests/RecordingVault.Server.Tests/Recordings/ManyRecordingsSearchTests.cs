using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>
/// A tenant with 20,000 recordings and words in each of them, under the limits that the vault has: the index keeps its budget, and each answer says how far back it searched.
/// Rows, keys and titles are real; the words are handed over as if they had been opened, or the test would write 20,000 files first.
/// </summary>
[Trait("Run", "Once")]
public sealed class ManyRecordingsSearchTests(SharedVault shared)
{
    private const int Count = 20_000;

    /// <summary>What the vault allows one tenant (security.md 4).</summary>
    private const long Budget = 64L * 1024 * 1024;

    /// <summary>A short meeting's: 20,000 of them are more than twice the budget.</summary>
    private const int WordsOfEach = 4_000;

    private static readonly DateTimeOffset s_began = new(2020, 1, 1, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_with_words_hold_the_budget_and_each_answer_says_how_far_back_it_searched()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var ids = await FillAsync(tenant);
        await using var scope = tenant.Enter();
        var services = scope.ServiceProvider;
        var (db, opened) = (services.GetRequiredService<VaultDbContext>(), new OpenedWords(ids[0]));
        // The time that a request may take is another test's: on a slow machine it would end one earlier.
        var limits = SearchLimits.Default with { Longest = TimeSpan.FromHours(1) };
        Assert.Equal(Budget, limits.TenantBytes);
        var index = new SearchIndex(limits, TimeProvider.System);
        var search = new RecordingSearch(
            db, new FoldedNames(db, services.GetRequiredService<TenantKeys>(), index), new SaidWords(db, index, opened), limits,
            services.GetRequiredService<LibraryRows>(), services.GetRequiredService<RecordingReading>(), services.GetRequiredService<Cursors>(), TimeProvider.System);

        var first = await SearchAsync(search, index, tenant);

        Assert.Equal(ids[0], Assert.Single(first.Found));
        Assert.Equal(Count, opened.Count);
        // Each answer but the last stands at the last recording that it had share for.
        Assert.Equal(Enumerable.Range(1, (Count / limits.SaidOpenedAtOnce) - 1).Select(request => CreatedAt(Count - (request * limits.SaidOpenedAtOnce))), first.BackTo);
        Assert.InRange(index.HeldBytes, Budget - 20_000, Budget);

        opened.Forget();
        var second = await SearchAsync(search, index, tenant);

        Assert.Equal(first.Found, second.Found);
        // The newest are not opened again, all others are: what was kept made no room for older ones.
        Assert.InRange(opened.Count, Count / 2, Count - 5_000);
        Assert.DoesNotContain(ids[^1], opened.Ids);
        Assert.Equal(opened.Count, opened.Ids.Distinct().Count());
        Assert.Equal(CreatedAt(opened.Count - limits.SaidOpenedAtOnce), second.BackTo[0]);
    }

    /// <summary>From the newest to the oldest, request by request.</summary>
    private static async Task<(List<Guid> Found, List<DateTimeOffset> BackTo)> SearchAsync(RecordingSearch search, SearchIndex index, TestTenant tenant)
    {
        SearchWords.TryParse("lighthouse", out var words);
        var (found, backTo, cursor) = (new List<Guid>(), new List<DateTimeOffset>(), (string?)null);
        do
        {
            var answer = (await search.FindAsync(new SearchReader(tenant.Owner.Id, ReadsTexts: true, SeesRestricted: true), words, new LibraryFilter(), 50, cursor, Ct))!;
            Assert.InRange(index.HeldBytes, 1, Budget);
            found.AddRange(answer.Items.Select(item => item.Id));
            cursor = answer.NextCursor;
            Assert.Equal(cursor is null, answer.SearchedBackTo is null);
            if (answer.SearchedBackTo is { } back)
                backTo.Add(back);
        }
        while (cursor is not null);

        return (found, backTo);
    }

    private static DateTimeOffset CreatedAt(int number) => s_began.AddMinutes(number);

    /// <summary>The oldest first.</summary>
    private async Task<IReadOnlyList<Guid>> FillAsync(TestTenant tenant)
    {
        var ids = Enumerable.Range(0, Count).Select(number => Guid.CreateVersion7(CreatedAt(number))).ToList();
        using var tenantKey = shared.Vault.Services.GetRequiredService<VaultKeyring>().Find<TenantKey>(tenant.Id, KeyKind.Tenant, Guid.Empty) ?? throw new InvalidOperationException("The tenant's key was opened when it was made.");
        foreach (var some in ids.Index().Chunk(2_000))
        {
            await using var scope = tenant.Enter();
            var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            foreach (var (number, id) in some)
            {
                var (key, wrap) = KeyHierarchy.NewOwnerKey(tenantKey, KeyKind.Recording, id);
                using (key)
                {
                    db.KeyWraps.Add(KeyWrap.From(wrap, CreatedAt(number)));
                    db.Recordings.Add(new Recording
                    {
                        TenantId = tenant.Id,
                        Id = id,
                        Title = SealedText.Seal(key, tenant.Id, id, Recording.TitleColumn, string.Create(CultureInfo.InvariantCulture, $"Weekly, number {number}")),
                        CreatedAt = CreatedAt(number),
                        CreatedBy = tenant.Owner.Id,
                    });
                }

                db.RecordingAssets.Add(new RecordingAsset { TenantId = tenant.Id, Id = Guid.CreateVersion7(), RecordingId = id, Role = ObjectRole.SearchWords, MediaType = "text/plain", SizeInBytes = WordsOfEach });
            }

            await db.SaveChangesAsync(Ct);
        }

        // Nobody writes cards of what has no manifest.
        await using var after = tenant.Enter();
        await after.ServiceProvider.GetRequiredService<VaultDbContext>().Recordings.ExecuteUpdateAsync(set => set.SetProperty(recording => recording.CardVersion, recording => recording.Version), Ct);
        return ids;
    }

    private sealed class OpenedWords(Guid meant) : IStoredWords
    {
        private static readonly string s_others = string.Concat(Enumerable.Repeat("WORD AND WORD ", WordsOfEach / 14));
        private readonly List<Guid> ids = [];

        public int Count => ids.Count;

        public IReadOnlyList<Guid> Ids => ids;

        public void Forget() => ids.Clear();

        public Task<string?> OpenAsync(Guid recordingId, IReadOnlyCollection<Guid> assetIds, CancellationToken cancellationToken)
        {
            ids.Add(recordingId);
            // A text of its own each time, as it is where one is opened.
            return Task.FromResult<string?>(new string(recordingId == meant ? $"THE LIGHTHOUSE {s_others}" : s_others));
        }
    }
}
