"""Which sounds belong to what a picture shows."""

from __future__ import annotations

import re

_SOUNDS = (
    (r"\b(?:\w+ )?(?:dog|hound|terrier|retriever|spaniel|shepherd|poodle|collie|husky|malamute|corgi|"
     r"pug|chihuahua|mastiff|"
     r"bulldog|rottweiler|dalmatian|beagle|boxer|setter|schnauzer|pointer|dachshund|great dane|st\.? bernard|"
     r"pomeranian|samoyed|"
     r"wolf|dingo|coyote)\b", "a dog barks three times"),
    (r"\bcat\b|\btabby\b|siamese|persian|egyptian|kitten|lynx", "a cat meows twice"),
    (r"\box\b|\bbull\b|\bcow\b|bison|buffalo", "a cow moos twice"),
    (r"\bram\b|sheep|bighorn|lamb|ibex|goat", "three sheep bleat"),
    (r"\bpig\b|hog\b|boar|warthog", "a pig oinks four times"),
    (r"horse|sorrel|zebra|pony", "a horse neighs"),
    (r"rooster|\bcock\b", "a rooster crows"),
    (r"\bduck\b|drake|goose|merganser", "a duck quacks three times and a stream"),
    (r"\bowl\b", "an owl hoots twice, crickets"),
    (r"frog\b|toad|tree frog", "frogs croak constantly and a stream"),
    (r"snake|cobra|viper|python|boa|rattlesnake|mamba", "a snake hisses twice"),
    (r"\bbee\b|hornet|wasp|bumblebee|honeycomb|hive|apiary", "bees"),
    (r"mosquito|\bfly\b|dragonfly", "mosquito"),
    (r"cricket|grasshopper|cicada", "crickets"),
    (r"bird|finch|robin|jay|bunting|warbler|chickadee|magpie|kite|eagle|parrot|macaw|lorikeet|"
     r"hummingbird|toucan|sparrow|"
     r"peacock|partridge|quail|dove|bulbul|dipper|junco|birdhouse", "forest birds"),
    (r"seashore|beach|coast|sandbar|promontory|lakeside|breakwater|ocean|coral reef|lighthouse|"
     r"sailboat|yawl|catamaran|surf",
     "sea waves and distant birds"),
    (r"waterfall|\bdam\b|geyser|fountain", "waterfall"),
    (r"valley|cliff|alp|mountain|hay|meadow|field|park bench|greenhouse|rapeseed|daisy|"
     r"volcano", "wind and distant birds"),
    (r"brook|canoe|paddle|river|gondola", "a stream and birds"),
    (r"locomotive|train\b|railway|passenger car|freight car|tram|streetcar", "train, then a train horn"),
    (r"ambulance|police|fire truck|fire engine", "siren"),
    (r"sports car|race|convertible|limousine|minivan|taxi|\bcab\b|jeep|pickup|truck|bus\b|car\b|wagon|"
     r"garbage|tow|van\b|"
     r"traffic light|street sign|parking meter", "passing cars and a distant car horn"),
    (r"motor ?cycle|moped|scooter", "motorcycle"),
    (r"airliner|airplane|aeroplane|warplane|wing|space shuttle|missile|projectile", "aeroplane"),
    (r"helicopter", "helicopter"),
    (r"tractor|harvester|plow|forklift|snowplow|lawn mower", "engine"),
    (r"liner|ship|submarine|aircraft carrier|pirate|boat|dock", "sea waves and a distant ship horn"),
    (r"church|mosque|monastery|bell cote|\bbell\b|steeple", "church bells"),
    (r"clock|sundial|watch|hourglass|stopwatch", "clock ticking"),
    (r"telephone|phone|payphone", "a telephone rings"),
    (r"keyboard|laptop|notebook|typewriter|computer|desktop|mouse|monitor|screen", "typing"),
    (r"fireplace|stove|campfire|candle|torch|wok|matchstick|dutch oven", "crackling fire"),
    (r"espresso|coffee|teapot|coffeepot|kettle|cup\b|mug|soup|cauldron|pot\b", "pouring water, then boiling water"),
    (r"\bfan\b|electric fan|hair dryer|air conditioner", "fan"),
    (r"umbrella|raincoat", "heavy rain"),
    (r"doormat|door\b|sliding door", "three knocks and a doorbell"),
    (r"chime|gong", "wind chimes"),
    (r"cannon|rifle|revolver|assault|gun\b|holster", "a gunshot"),
    (r"saw\b|hammer|carpenter|toolkit|plane\b|screwdriver", "sawing"),
    (r"theater|stage|cinema|stadium|microphone", "applause"),
    (r"wreck|glass\b|goblet|wine bottle|vase|window", "glass breaking"),
    (r"whistle|referee", "a whistle"),
    (r"spotlight|radio|television|loudspeaker", "static"),
    (r"faucet|tap|washbasin|sink|bathtub|toilet|shower", "dripping"),
    (r"sleigh|dogsled|christmas stocking", "sleigh bells"),
    (r"snow|ski|igloo|mitten", "wind and footsteps in snow"),
)  # fmt: skip


def sounds_of(thing: str) -> str | None:
    """A description of the sounds of a thing, for a scene; None where none comes to mind."""
    return next((sounds for pattern, sounds in _SOUNDS if re.search(pattern, thing.lower())), None)
