using System.Security.Cryptography;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>
/// Two words and a number, to be read out over a telephone: about 22 bits, behind five tries (security.md 9).
/// A suggestion only: whoever makes the link may write another. What opens several links is none: each of them grants its five tries, so it is longer and always ours.
/// </summary>
public static class PasscodeSuggestion
{
    private static readonly string[] s_words = (
        "acorn amber anchor apple april apron arrow autumn badge bagel baker bamboo banjo barley basil basket beach beacon berry birch "
        + "bison blanket blossom bonnet border bottle branch brass bread breeze bridge bronze brook bucket butter button cabin cactus camel candle "
        + "canyon carbon carpet carrot castle cedar cellar chalk cherry chestnut chimney cider cinema circle citrus clover cobalt cocoa coffee comet "
        + "copper coral corner cotton cradle cricket crystal curtain daisy dancer desert dolphin donkey dragon drummer eagle easel echo elbow ember "
        + "engine evening fabric falcon feather fern ferry fiddle finger flannel flower flute forest fossil fountain fox galaxy garden garlic garnet "
        + "ginger glacier glove goblet golden grape gravel guitar hammer harbor harvest hazel helmet heron hickory hollow honey horizon hotel husky "
        + "indigo island ivory jacket jasmine jelly jigsaw jungle juniper kettle kitchen kitten ladder lagoon lantern laurel lava lemon leopard "
        + "lilac lily linen lizard lobster lotus magnet maple marble margin market meadow melon metal mirror mitten molasses morning mosaic mountain "
        + "muffin mustard napkin nectar nickel noodle nutmeg oasis ocean olive onion opal orange orchard orchid otter oyster paddle palace panda "
        + "paper parade parrot pastel peach pebble pelican pencil pepper piano pigeon pillow pine planet plum pocket poem pond poplar potato prairie "
        + "pumpkin puzzle quartz quiver rabbit radish rafter raven ribbon river rivet robin rocket saddle saffron salmon sandal satin saturn scarf "
        + "season sesame shadow silver sketch spruce squirrel stable summer sunset tailor teapot thimble thunder timber tulip tunnel turtle umbrella "
        + "valley velvet violin walnut willow window winter zebra").Split(' ');

    public static string New() =>
        $"{Word()}-{Word()}-{RandomNumberGenerator.GetInt32(10, 100)}";

    /// <summary>Three words and a number, about 30 bits: a hundred tries, five at each of twenty links, are worth less than five at <see cref="New"/>.</summary>
    public static string ForSeveral() => $"{Word()}-{New()}";

    private static string Word() => s_words[RandomNumberGenerator.GetInt32(s_words.Length)];
}
