using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Members;

/// <summary>Who may decide about whom: an Owner about everybody, an Admin about everybody but Owners, nobody else about anybody.</summary>
internal static class MemberDuties
{
    /// <param name="of">The role that somebody has, is to get or is invited into.</param>
    public static bool MayManage(this Role holder, Role of) => holder is Role.Owner || (holder is Role.Admin && of is not Role.Owner);
}
