using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Mail;

/// <summary>A letter that no mail server has taken yet, or ever will.</summary>
/// <param name="Failure">Why the last try failed, as a slug of <see cref="MailFailure"/>; null before the first.</param>
/// <param name="IsGivenUp">It is not tried again.</param>
internal sealed record LetterStanding(string? Failure, bool IsGivenUp)
{
    /// <summary>What somebody who counts on the letter reads; null where nothing is wrong so far.</summary>
    public string? Sentence => Failure is null ? null : $"{WhyNot(Failure)} {(IsGivenUp ? "It is not tried again." : "It is tried again.")}";

    private static string WhyNot(string failure) => failure switch
    {
        "recipient-refused" => "The mail server refused this address.",
        "letter-unsendable" => "Mail knows no address like this.",
        "too-late" => "It could not be sent in time.",
        "unreachable" or "too-slow" or "line-lost" => "The vault’s mail server can’t be reached.",
        "sender-refused" or "certificate" or "password-refused" or "no-tls-or-sign-in" => "The vault and its mail server don’t get on. Whoever runs this vault can see why.",
        _ => "The mail server refused the letter.",
    };
}

/// <summary>
/// Tells those who count on a letter what became of it, as far as the vault can know: that its own mail server has taken it is the last that it hears. A letter
/// that was taken is not here.
/// </summary>
internal sealed class LetterStandings(VaultDbContext db)
{
    /// <summary>For each of these that a letter waits for: one that failed before one that was not tried yet, and of several the newest.</summary>
    public async Task<IReadOnlyDictionary<Guid, LetterStanding>> FindAsync(IReadOnlyCollection<Guid> about, CancellationToken cancellationToken)
    {
        if (about.Count == 0)
            return new Dictionary<Guid, LetterStanding>();
        var wanted = about.ToList();
        var letters = await db.OutgoingMails.AsNoTracking().Where(mail => mail.AboutId != null && wanted.Contains(mail.AboutId.Value))
            .Select(mail => new { About = mail.AboutId!.Value, mail.Failure, IsGivenUp = mail.GivenUpAt != null, mail.CreatedAt }).ToListAsync(cancellationToken);
        return letters.GroupBy(letter => letter.About)
            .ToDictionary(group => group.Key, group => group.OrderBy(letter => letter.Failure is not null).ThenBy(letter => letter.CreatedAt).Select(letter => new LetterStanding(letter.Failure, letter.IsGivenUp)).Last());
    }

    public async Task<LetterStanding?> FindAsync(Guid about, CancellationToken cancellationToken) => (await FindAsync([about], cancellationToken)).GetValueOrDefault(about);
}
