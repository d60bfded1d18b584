using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Mail;

/// <summary>Tells a member by letter what became of his account: what, when, and what to do if it was not he.</summary>
internal sealed class MailedNotices(VaultDbContext db, Outbox outbox, MemberDirectory directory, PageFrames frames, IServiceProvider services) : IMemberNotices
{
    private readonly TenantContext tenant = services.GetRequiredService<TenantContext>();
    private readonly LetterPaper paper = services.GetRequiredService<LetterPaper>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    public async Task TellAsync(Guid memberId, MemberNotice notice, CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return;
        var member = await db.Users.AsNoTracking().SingleAsync(row => row.Id == memberId, cancellationToken);
        await TellAsync(member, notice, member.Email!, cancellationToken);
    }

    /// <summary>Tells him at an address of his choice: where it changes, both get a letter.</summary>
    public async Task TellAsync(Member member, MemberNotice notice, string address, CancellationToken cancellationToken)
    {
        if (!outbox.IsConfigured)
            return;
        var texts = new MailTexts(MailTexts.Language(member.Language));
        var isOfTenant = notice is MemberNotice.MembershipEnded or MemberNotice.RoleChanged;
        var where = isOfTenant && tenant.IsEntered ? texts["Letter.Where", LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken))] + "\n" : "";
        string[] advice = isOfTenant ? [texts["Notice.AskOwner"]] : [texts["Notice.Mine"], texts["Notice.NotMine", paper.Root]];
        var text = paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(directory.NameOf(member))],
            [texts[$"Notice.{notice}"], where + texts["Letter.When", texts.Time(time.Now())], .. advice]);
        outbox.Put(new Letter(MailKind.Notice, address, texts[$"Notice.{notice}.Subject"], text) { About = string.Equals(address, member.Email, StringComparison.Ordinal) ? member.Id : null });
    }
}
