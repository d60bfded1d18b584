using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Regrouping;

internal static class RegroupingProblems
{
    public static readonly Problem StillArriving = new("still-arriving", 409, "A file of this recording is still being received. Wait until it has arrived, or give its upload up.");
    public static readonly Problem AlreadyMoving = new("already-moving", 409, "Files of this recording, or of the other one, are being moved just now. Wait until that is over.");
    public static readonly Problem RestrictedApart = new("restricted-apart", 409, "One of the two is restricted, or both are and different people added them: others could see it then. Give both the same label first; an Owner or Admin can make one looser.");
    public static readonly Problem NothingToMove = new("nothing-to-move", 409, "The other recording holds no file that could be moved.");
    public static readonly Problem TooManyPeople = new("too-many-people", 409, "Together the two name more than 500 people. Take out names that stand there twice, and try again.");
    public static readonly Problem LastFile = new("last-file", 409, "That would leave nothing here. Choose fewer files, or change this recording's title instead.");
}
