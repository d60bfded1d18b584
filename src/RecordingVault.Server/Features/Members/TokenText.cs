using System.Buffers.Text;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>
/// The text of an API token: `rvt_`, id in 22 characters, `_`, secret in 43; both base64url. It is read by position, because base64url contains `_` (security.md 9).
/// </summary>
internal sealed record TokenText(Guid Id, byte[] Secret)
{
    public const int Length = 70;
    private const string Prefix = "rvt_";
    private const int IdAt = 4;
    private const int IdLength = 22;
    private const int SecretAt = IdAt + IdLength + 1;

    public static TokenText New() => new(Guid.CreateVersion7(), SecretToken.New());

    /// <summary>Null when the text is not exactly one token; every token has one spelling.</summary>
    public static TokenText? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[SecretAt - 1] != '_' || SecretToken.Parse(text[SecretAt..]) is not { } secret)
            return null;
        Span<byte> id = stackalloc byte[16];
        if (!Base64Url.IsValid(text.Slice(IdAt, IdLength)) || !Base64Url.TryDecodeFromChars(text.Slice(IdAt, IdLength), id, out var written) || written != id.Length)
            return null;
        var token = new TokenText(new Guid(id, bigEndian: true), secret);
        return text.SequenceEqual(token.Show()) ? token : null;
    }

    /// <summary>The whole token. It is shown once, to whom it was made for.</summary>
    public string Show() => $"{Prefix}{Base64Url.EncodeToString(Id.ToByteArray(bigEndian: true))}_{SecretToken.ToText(Secret)}";

    public override string ToString() => "token";
}
