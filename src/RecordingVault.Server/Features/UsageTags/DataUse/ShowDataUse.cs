using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Carriers;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.UsageTags.DataUse;

internal sealed record DataUseResponse(
    Guid Tenant, string Name, int Version, DateTimeOffset Since, UsageMember Usage, IReadOnlyList<string> NeedConsent, IReadOnlyList<string> Stored, IReadOnlyList<string> Readers, IReadOnlyList<string> Never, IReadOnlyList<DataUseChange> Versions);

/// <summary>One version beside the one before it.</summary>
/// <param name="TagBefore">Null where the tag stayed, and for the first version.</param>
/// <param name="ConsentAdded">Uses that need everybody's consent from here on.</param>
/// <param name="ConsentRemoved">Uses that do so no more.</param>
public sealed record DataUseChange(int Number, DateTimeOffset Since, string Tag, string? TagBefore, IReadOnlyList<string> ConsentAdded, IReadOnlyList<string> ConsentRemoved)
{
    internal static IReadOnlyList<DataUseChange> Of(IReadOnlyList<DataUseVersion> newestFirst) =>
        [.. newestFirst.Select((version, place) => Of(version, place + 1 < newestFirst.Count ? newestFirst[place + 1] : null))];

    private static DataUseChange Of(DataUseVersion version, DataUseVersion? before)
    {
        var uses = UsageWords.UsesOfRow(version.UsesNeedingConsent);
        var earlier = before is null ? uses : UsageWords.UsesOfRow(before.UsesNeedingConsent);
        return new DataUseChange(
            version.Number, version.Since, version.UsageTag.Name, before is null || before.UsageTag == version.UsageTag ? null : before.UsageTag.Name,
            [.. uses.Except(earlier).Order().Select(use => use.Name())], [.. earlier.Except(uses).Order().Select(use => use.Name())]);
    }
}

/// <summary>GET /t/{tenant}/data-use and /t/{tenant}/data-use.json: what an organisation does with recordings and what it never does, for anybody to read.</summary>
internal static class ShowDataUse
{
    public static readonly IReadOnlyList<string> Stored = ["DataUse.Stored.Films", "DataUse.Stored.People", "DataUse.Stored.Sealed", "DataUse.Stored.Until"];
    public static readonly IReadOnlyList<string> Readers = ["DataUse.Readers.Members", "DataUse.Readers.Restricted", "DataUse.Readers.Links", "DataUse.Readers.Operator", "DataUse.Readers.Log"];
    public static readonly IReadOnlyList<string> Never = ["DataUse.Never.Train", "DataUse.Never.Licence", "DataUse.Never.Elsewhere", "DataUse.Never.Count"];

    public static async Task<IResult> Page(Guid tenant, HttpContext http, SystemScope system, PageFrames frames, CancellationToken cancellationToken) =>
        await FindAsync(tenant, system, cancellationToken) is not { } found ? new NoSuchPage()
            : PageAnswers.Page<DataUsePage>(new DataUsePageModel
            {
                Frame = frames.ForVisitor(http) with { TenantName = found.Name, Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) },
                Name = found.Name,
                Tag = found.Versions[0].UsageTag.Name,
                Statement = found.Versions[0].UsageTag.Statement,
                NeedConsent = NeedConsent(found.Versions[0]),
                Versions = DataUseChange.Of(found.Versions),
            });

    public static async Task<IResult> Json(Guid tenant, HttpContext http, SystemScope system, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, system, cancellationToken) is not { } found)
            return Problem.NotFound.ToResult();
        var (texts, newest) = (new PublicTexts(PublicTexts.Choose(http.Request.Headers.AcceptLanguage)), found.Versions[0]);
        return TypedResults.Ok(new DataUseResponse(
            tenant, found.Name, newest.Number, newest.Since, UsageMember.Of(newest.UsageTag), NeedConsent(newest),
            [.. Stored.Select(name => texts[name])], [.. Readers.Select(name => texts[name])], [.. Never.Select(name => texts[name])], DataUseChange.Of(found.Versions)));
    }

    private static IReadOnlyList<string> NeedConsent(DataUseVersion version) => [.. UsageWords.UsesOfRow(version.UsesNeedingConsent).Order().Select(use => use.Name())];

    /// <summary>In a scope of its own: whoever reads may be signed in elsewhere.</summary>
    private static async Task<Found?> FindAsync(Guid tenant, SystemScope system, CancellationToken cancellationToken)
    {
        if (tenant == Guid.Empty)
            return null;
        await using var scope = system.Enter(tenant);
        if (!await scope.ServiceProvider.GetRequiredService<VaultDbContext>().Tenants.AnyAsync(cancellationToken))
            return null;
        return new Found(
            await scope.ServiceProvider.GetRequiredService<PageFrames>().TenantNameAsync(cancellationToken),
            await scope.ServiceProvider.GetRequiredService<DataUseStatements>().ReadAsync(cancellationToken));
    }

    private sealed record Found(string Name, IReadOnlyList<DataUseVersion> Versions);
}
