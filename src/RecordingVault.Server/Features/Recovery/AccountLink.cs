using System.Buffers.Text;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>What stands behind the # of a link about an account: the row's id and 32 random bytes, of which the row holds a hash that is good for this one purpose.</summary>
internal sealed record AccountLink(Guid Id, byte[] Secret)
{
    public const string ResetLabel = "recordingvault.v1.password-reset";
    public const string NewAddressLabel = "recordingvault.v1.address-change.new";
    public const string OldAddressLabel = "recordingvault.v1.address-change.old";
    public const string ReturnLabel = "recordingvault.v1.address-return";
    public const string RemovalLabel = "recordingvault.v1.factor-removal";

    private const int IdLength = 22;

    public static AccountLink New() => new(Guid.CreateVersion7(), SecretToken.New());

    /// <summary>Another secret for the same row.</summary>
    public AccountLink Another() => new(Id, SecretToken.New());

    /// <summary>Null when the text is no such link.</summary>
    public static AccountLink? Parse(string text)
    {
        Span<byte> id = stackalloc byte[16];
        return text.Length == IdLength + 1 + SecretToken.TextLength && text[IdLength] == '.'
            && Base64Url.TryDecodeFromChars(text.AsSpan(0, IdLength), id, out var written) && written == id.Length
            && SecretToken.Parse(text.AsSpan(IdLength + 1)) is { } secret
                ? new AccountLink(new Guid(id, bigEndian: true), secret)
                : null;
    }

    public override string ToString() => $"{Base64Url.EncodeToString(Id.ToByteArray(bigEndian: true))}.{SecretToken.ToText(Secret)}";

    public byte[] Hash(string label) => SecretToken.Hash(label, Id, Secret);

    /// <param name="stored">Null where there is no such row: the same work is done.</param>
    public bool Fits(string label, byte[]? stored) => SecretToken.Matches(Hash(label), stored ?? new byte[SecretToken.Length]);
}
