using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Retention.Due.Keep;

internal static class KeepProblems
{
    public static readonly Problem InTrash = new("in-trash", 409, "It lies in the trash. Take it out first, then keep it longer.");
    public static readonly Problem ForOwners = new("keep-for-owners", 403, "Somebody keeps it longer than that. Only an Owner or an Admin shortens what was said, in person; ask one of them, or give a later day.");
}
