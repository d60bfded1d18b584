using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Settings;

/// <summary>A member's own name, and the language of his mails.</summary>
internal static class ChangeProfile
{
    public const string Path = SettingsPaths.Profile;
    private const string Saved = "saved";

    public static async Task<Results<RazorComponentResult<ProfilePage>, ProblemHttpResult>> Show(
        HttpContext http, MemberDirectory directory, ProfileAnswer answer, DoneNotes notes, CancellationToken cancellationToken) =>
        http.User.SessionId() is null
            ? Problem.Forbidden.ToResult()
            : await answer.PageAsync(http, await directory.GetAsync(http.User.MemberId(), cancellationToken), notes.Take(http) is Saved, cancellationToken);

    public static async Task<Results<RedirectHttpResult, RazorComponentResult<ProfilePage>, ProblemHttpResult>> Handle(
        HttpContext http, MemberDirectory directory, ProfileChange change, ProfileAnswer answer, DoneNotes notes, CancellationToken cancellationToken)
    {
        if (http.User.SessionId() is null)
            return Problem.Forbidden.ToResult();
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (name, language) = (form["name"].Trim(), form["language"]);
        if (language is not ("en" or "de"))
            return Problem.Invalid("language", "is en or de.").ToResult();
        var member = await directory.GetAsync(http.User.MemberId(), cancellationToken);
        if (MemberRules.CheckName(name) is { } wrong)
            return await answer.WrongAsync(http, member, name, wrong.Sentence, cancellationToken);
        await change.ChangeAsync(member, name, language, http.Actor(), cancellationToken);
        return notes.LeadTo(http, Path, Saved);
    }
}

internal sealed class ProfileAnswer(PageFrames frames, MemberDirectory directory)
{
    public async Task<RazorComponentResult<ProfilePage>> PageAsync(HttpContext http, Member member, bool isSaved, CancellationToken cancellationToken) =>
        PageAnswers.Page<ProfilePage>(await ModelAsync(http, member, cancellationToken) with { IsSaved = isSaved });

    public async Task<RazorComponentResult<ProfilePage>> WrongAsync(HttpContext http, Member member, string name, string sentence, CancellationToken cancellationToken) =>
        PageAnswers.Page<ProfilePage>(await ModelAsync(http, member, cancellationToken) with { Name = name, NameError = sentence }, StatusCodes.Status400BadRequest);

    private async Task<ProfilePageModel> ModelAsync(HttpContext http, Member member, CancellationToken cancellationToken) => new()
    {
        Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
        Name = directory.NameOf(member),
        Email = member.Email!,
        Language = member.Language,
    };
}

/// <summary>Name, language and the event in one transaction, in the log of each of the member's tenants: he is called by the same name in all of them.</summary>
internal sealed class ProfileChange(VaultDbContext db, VaultKeyring keyring, AccountLog log)
{
    public async Task ChangeAsync(Member member, string name, string language, Actor actor, CancellationToken cancellationToken)
    {
        // Sessions and tokens that were read a moment ago know him by his former name: they are to be read again.
        var entry = new AuditEntry("member.changed", actor, AuditTargetKind.Member, member.Id) { ChangesPermission = true, Fields = [("name", name), ("language", language)] };
        member.DisplayName = SealedText.Seal(keyring.Vault, Guid.Empty, member.Id, Member.NameColumn, name);
        member.Language = language;
        await using var transaction = await log.BeginAsync(member.Id, entry, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
