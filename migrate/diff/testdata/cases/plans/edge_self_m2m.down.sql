-- drop "edge_self_friend_friends" table
DROP TABLE "edge_self_friend_friends";
