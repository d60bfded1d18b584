using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.People;

internal static class PeopleProblems
{
    public static readonly Problem AboveYou = new("above-you", 403, "You can't change who stands above you, nor raise anybody above yourself. Ask an owner.");
    public static readonly Problem LastOwner = new("last-owner", 409, "An organisation keeps at least one owner. Make somebody else an owner first.");
}
