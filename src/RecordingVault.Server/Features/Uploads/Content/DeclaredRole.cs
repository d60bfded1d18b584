using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Features.Uploads.Content;

/// <summary>What the uploader says a file is, where the content alone can't.</summary>
internal enum DeclaredRole
{
    None,
    Original,
    Audio,
    Captions,
    Transcript,
    Chat,
}

internal static class DeclaredRoles
{
    /// <summary>None for a word that is no role.</summary>
    public static DeclaredRole Parse(string name) => name switch
    {
        "original" => DeclaredRole.Original,
        "audio" => DeclaredRole.Audio,
        "captions" => DeclaredRole.Captions,
        "transcript" => DeclaredRole.Transcript,
        "chat" => DeclaredRole.Chat,
        _ => DeclaredRole.None,
    };

    /// <summary>The uploader's word for it; what nobody named is an original.</summary>
    public static string Name(this DeclaredRole role) => role switch
    {
        DeclaredRole.Audio => "audio",
        DeclaredRole.Captions => "captions",
        DeclaredRole.Transcript => "transcript",
        DeclaredRole.Chat => "chat",
        _ => "original",
    };

    /// <summary>The role that its bytes are sealed under (an audio track is an original like any other).</summary>
    public static ObjectRole Sealed(this DeclaredRole role) => role switch
    {
        DeclaredRole.Captions => ObjectRole.Captions,
        DeclaredRole.Transcript => ObjectRole.Transcript,
        DeclaredRole.Chat => ObjectRole.Chat,
        _ => ObjectRole.OriginalSegment,
    };
}
