using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Joining;

/// <summary>What stands behind the # of an invitation's link: its id, a dot, and the secret.</summary>
internal sealed record InvitationLink(Guid Id, byte[] Secret)
{
    private const int IdLength = 36;

    /// <summary>Null when the text is no such link.</summary>
    public static InvitationLink? Parse(string text) =>
        text.Length == IdLength + 1 + SecretToken.TextLength && text[IdLength] == '.'
        && Guid.TryParseExact(text.AsSpan(0, IdLength), "D", out var id) && SecretToken.Parse(text.AsSpan(IdLength + 1)) is { } secret
            ? new InvitationLink(id, secret)
            : null;

    public string Show() => $"{Id}.{SecretToken.ToText(Secret)}";

    public string Url(string root) => $"{root}/join#{Show()}";

    public byte[] Hash() => Invitation.HashSecret(Id, Secret);
}
