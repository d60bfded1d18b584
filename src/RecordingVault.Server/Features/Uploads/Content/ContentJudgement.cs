using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Uploads.Content;

/// <summary>What a file is, by its own bytes.</summary>
internal sealed record ContentKind(ObjectRole Role, string MediaType);

internal enum ContentVerdict
{
    /// <summary>Too little has come to say.</summary>
    Undecided,
    Accepted,
    Refused,
}

/// <summary>
/// Says what a file is by its first bytes and never by its name or the type that came with it. What is in no list is refused: nothing enters
/// the vault that no later step knows how to treat. The container is what is judged here; whether it plays is for processing.
/// </summary>
internal static class ContentJudgement
{
    /// <summary>With so many bytes every file can be judged.</summary>
    public const int NeededBytes = 4 * 1024;

    /// <summary>An asset of no bytes: there is nothing to judge and nothing to misread.</summary>
    public static ContentKind OfNothing(DeclaredRole role) => new(role.Sealed(), role is DeclaredRole.None or DeclaredRole.Original or DeclaredRole.Audio ? "application/octet-stream" : "text/plain");

    /// <param name="first">The first bytes of the file, as many as have come.</param>
    /// <param name="isWhole">Whether nothing follows them.</param>
    public static ContentVerdict Judge(ReadOnlySpan<byte> first, bool isWhole, DeclaredRole role, out ContentKind? kind)
    {
        if (first.Length > NeededBytes)
            first = first[..NeededBytes];
        var mediaType = role switch
        {
            DeclaredRole.Original => MediaMagic.Find(first),
            DeclaredRole.Audio => MediaMagic.AsAudio(MediaMagic.Find(first)),
            DeclaredRole.Captions => TextContent.FindTimed(first),
            DeclaredRole.Transcript or DeclaredRole.Chat => TextContent.FindAny(first, isWhole || first.Length == NeededBytes),
            _ => MediaMagic.Find(first) ?? TextContent.FindTimed(first),
        };
        if (mediaType is not null)
        {
            var sealedRole = role == DeclaredRole.None && TextContent.IsText(mediaType) ? ObjectRole.Captions : role.Sealed();
            kind = new ContentKind(sealedRole, mediaType);
            return ContentVerdict.Accepted;
        }

        kind = null;
        return isWhole || first.Length == NeededBytes ? ContentVerdict.Refused : ContentVerdict.Undecided;
    }
}
