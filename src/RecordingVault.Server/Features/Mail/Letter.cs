namespace RecordingVault.Server.Features.Mail;

/// <summary>A letter that somebody is to get: plain text, on lines that end in LF.</summary>
/// <exception cref="ArgumentException">Address or subject hold a control character: a line end there would begin a header of its own.</exception>
internal sealed record Letter
{
    public static readonly TimeSpan UsualLife = TimeSpan.FromDays(3);

    public Letter(MailKind kind, string address, string subject, string text)
    {
        if (address.Any(char.IsControl))
            throw new ArgumentException("The address of a letter stands on one line.", nameof(address));
        if (subject.Any(char.IsControl))
            throw new ArgumentException("The subject of a letter stands on one line.", nameof(subject));
        (Kind, Address, Subject, Text) = (kind, address, subject, text);
    }

    public MailKind Kind { get; }

    public string Address { get; }

    public string Subject { get; }

    public string Text { get; }

    /// <summary>Whom or what it concerns, for those who ask whether it arrived: the member whose own address it goes to, the invitation, or the change of address. Null where nobody asks.</summary>
    public Guid? About { get; init; }

    /// <summary>How long it is worth being sent, such as the life of the link in it.</summary>
    public TimeSpan Life { get; init; } = UsualLife;
}
