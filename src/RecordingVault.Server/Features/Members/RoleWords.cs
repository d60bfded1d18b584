namespace RecordingVault.Server.Features.Members;

/// <summary>What a role may do, in one sentence. docs/roles.md says it in full.</summary>
internal static class RoleWords
{
    public static string Of(string role) => role switch
    {
        "Owner" => "Everything, and decides about everybody.",
        "Admin" => "Uses all recordings, reads the log, and decides about everybody but owners.",
        "Contributor" => "Adds, watches, changes and shares recordings.",
        "Viewer" => "Watches recordings.",
        _ => "Reads the log of who did what, and no recording.",
    };
}
