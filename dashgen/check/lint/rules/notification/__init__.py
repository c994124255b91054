"""Rules about contact points and the policy tree."""
