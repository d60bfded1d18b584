using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Factors;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.People;

/// <summary>The page of the organisation: its name, what it holds, and the way out of it.</summary>
internal static class ShowOrganisation
{
    public const string Path = SettingsPaths.Organisation;

    public static Task<IResult> Handle(bool? saved, HttpContext http, OrganisationPages pages, CancellationToken cancellationToken) => pages.ShowAsync(http, saved is true, cancellationToken);

    public static async Task<IResult> Rename(HttpContext http, TenantRenaming renaming, OrganisationPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        return await renaming.RenameAsync(form["name"], http.Actor(), cancellationToken) is { } wrong
            ? await pages.WrongAsync(http, form["name"], wrong, cancellationToken)
            : TypedResults.LocalRedirect(Path + "?saved=true");
    }
}

internal sealed class OrganisationPages(VaultDbContext db, PageFrames frames, MembershipChange change, MemberLinks links, TwoFactorRule twoFactors)
{
    public async Task<IResult> ShowAsync(HttpContext http, bool isSaved, CancellationToken cancellationToken) =>
        PageAnswers.Page<OrganisationPage>(await ModelAsync(http, cancellationToken) with { IsSaved = isSaved });

    public async Task<IResult> WrongAsync(HttpContext http, string name, Problem wrong, CancellationToken cancellationToken) =>
        PageAnswers.Page<OrganisationPage>(await ModelAsync(http, cancellationToken) with { Name = name, NameError = wrong.Sentence }, wrong.Status);

    public async Task<IResult> RefusedAsync(HttpContext http, Problem refusal, CancellationToken cancellationToken) =>
        PageAnswers.Page<OrganisationPage>(await ModelAsync(http, cancellationToken) with { Refusal = refusal.Title }, refusal.Status);

    private async Task<OrganisationPageModel> ModelAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken);
        return new OrganisationPageModel
        {
            Frame = frame,
            Id = db.TenantId,
            CreatedAt = await db.Tenants.AsNoTracking().Select(tenant => tenant.CreatedAt).SingleAsync(cancellationToken),
            Holds = await HoldingsAsync(cancellationToken),
            Name = frame.TenantName!,
            RequiresTwoFactors = await twoFactors.IsOnAsync(cancellationToken),
            HasTwoFactors = http.User.HasTwoFactors(),
            IsLastOwner = http.User.RoleInTenant() is Role.Owner && await change.IsLastOwnerAsync(http.User.MemberId(), cancellationToken),
        };
    }

    private async Task<OrganisationHoldings> HoldingsAsync(CancellationToken cancellationToken)
    {
        var recordings = db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed);
        return new OrganisationHoldings(
            await recordings.CountAsync(cancellationToken),
            await recordings.CountAsync(recording => recording.TrashedAt != null, cancellationToken),
            await recordings.SumAsync(recording => recording.SizeInBytes, cancellationToken),
            await links.CountLiveAsync(cancellationToken),
            await db.Memberships.CountAsync(row => row.EndedAt == null, cancellationToken));
    }
}
