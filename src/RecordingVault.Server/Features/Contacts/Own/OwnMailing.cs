using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Contacts.Own;

/// <summary>Writes to an address that is known in the tenant, and to no other.</summary>
internal sealed class OwnMailing(VaultDbContext db, TenantKeys keys, OwnRecordings own, Outbox outbox, LetterPaper paper, PageFrames frames, AuditLog audit, TimeProvider time)
{
    public const string Mailed = "contact.link-mailed";

    /// <summary>To one address within <see cref="s_quiet"/>.</summary>
    private const int MostLetters = 2;

    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(1);

    private static readonly TimeSpan s_quiet = TimeSpan.FromHours(1);

    /// <returns>False where nobody is known by the address, no letter goes there, or enough went there: nothing was written then.</returns>
    public async Task<bool> MailAsync(string address, Actor stranger, CancellationToken cancellationToken)
    {
        byte[] digest;
        using (var key = await keys.DataKeyAsync(cancellationToken))
            digest = Contact.DigestOf(key, address);
        if (await own.FindAsync(digest, cancellationToken) is not { } found)
            return false;
        var (id, secret, now) = (new Guid(RandomNumberGenerator.GetBytes(16), bigEndian: true), SecretToken.New(), time.Now());
        var link = new OwnRecordingsLink { TenantId = db.TenantId, Id = id, SecretHash = OwnRecordingsLink.HashSecret(id, secret), EmailDigest = digest, CreatedAt = now, ExpiresAt = now + LinkLife };
        var tenant = LetterPaper.OneLine(await frames.TenantNameAsync(cancellationToken));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        // Counted by what the address is to the tenant: written in another way it is the same mailbox.
        var since = now - s_quiet;
        if (await db.OwnRecordingsLinks.CountAsync(one => one.EmailDigest == digest && one.CreatedAt > since, cancellationToken) >= MostLetters)
            return false;
        if (!Put(link, found, tenant, SecretToken.ToText(secret)))
            return false;
        db.OwnRecordingsLinks.Add(link);
        db.Locators.Add(new Locator { Id = id, Kind = LocatorKind.OwnRecordings, TenantId = db.TenantId });
        await audit.AppendAsync(new AuditEntry(Mailed, stranger, AuditTargetKind.Tenant, db.TenantId) { Fields = [("link", $"{id}")] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>In both languages: nobody knows which of the two its reader reads.</summary>
    private bool Put(OwnRecordingsLink link, FoundOwn found, string tenant, string secret)
    {
        var (english, german) = (new MailTexts(PublicTexts.English), new MailTexts(PublicTexts.German));
        return outbox.Put(new Letter(MailKind.Consent, found.Email, $"{english["Own.Subject"]} · {german["Own.Subject"]}", Write(english) + "\n\n" + Write(german)) { About = link.Id, Life = LinkLife });

        string Write(MailTexts texts) => paper.Write(
            texts,
            texts["Letter.Hello", LetterPaper.OneLine(found.Name)],
            texts["Own.What", tenant],
            texts["Own.Open", texts.Time(link.ExpiresAt)],
            $"{paper.Root}{OwnPaths.Of(link.Id)}#{secret}",
            texts["Own.Stranger"]);
    }
}
