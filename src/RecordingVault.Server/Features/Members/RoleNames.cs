using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Roles as requests name them.</summary>
internal static class RoleNames
{
    public static readonly Problem Unknown = Problem.Invalid("role", "is Owner, Admin, Contributor, Viewer or Auditor.");

    /// <summary>Null for anything but the name of a role; a number names none.</summary>
    public static Role? Parse(string? text) =>
        text is { Length: > 0 } && !char.IsAsciiDigit(text[0]) && Enum.TryParse<Role>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) ? role : null;
}
